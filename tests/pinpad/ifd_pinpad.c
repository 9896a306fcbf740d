/* A pin pad around the virtual reader (PC/SC part 10): every call goes on to vpcd's handler, and a
 * PIN block is built from the structure alone. Its keys are a Unix socket, KEYS: the pad connects,
 * says which prompt its display shows, and reads keys: digits, a line's end for OK, 'c' for cancel.
 * Without the socket it is a reader without a pad. */

#define _GNU_SOURCE
#include <PCSC/ifdhandler.h>
#include <PCSC/reader.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REAL "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
#define VERIFY SCARD_CTL_CODE(0x330000 + FEATURE_VERIFY_PIN_DIRECT)
#define MODIFY SCARD_CTL_CODE(0x330000 + FEATURE_MODIFY_PIN_DIRECT)
enum { TIMED_OUT = 0x6400, CANCELLED = 0x6401, DIFFERENT = 0x6402, LENGTH = 0x6403, BAD = 0x6B80 };
enum { FULL = 1, OK_KEY = 2, TIME = 4 };          /* bEntryValidationCondition */
enum { CONFIRM = 1, CURRENT = 2 };                /* bConfirmPIN */
enum { MOST = 16, DEFAULT_SECONDS = 15, HEADER = 5 };

typedef struct { char digits[MOST]; int count; } Entry;
typedef struct { uint8_t first, next, least, most, condition; } Rules;
typedef struct { uint8_t format, block, length; } Format;

static const char *PROMPTS[] = {"pin\n", "new\n", "again\n"}; /* by message index */

static void *real(const char *name) {
	static void *driver;
	if (!driver) driver = dlopen(REAL, RTLD_NOW);
	return driver ? dlsym(driver, name) : NULL;
}

#define FORWARD(name, parameters, arguments)                              \
	RESPONSECODE name parameters {                                        \
		RESPONSECODE(*forward) parameters = real(#name);                  \
		return forward ? forward arguments : IFD_NOT_SUPPORTED;           \
	}
FORWARD(IFDHCreateChannelByName, (DWORD lun, LPSTR device), (lun, device))
FORWARD(IFDHCreateChannel, (DWORD lun, DWORD channel), (lun, channel))
FORWARD(IFDHCloseChannel, (DWORD lun), (lun))
FORWARD(IFDHGetCapabilities, (DWORD lun, DWORD tag, PDWORD size, PUCHAR value), (lun, tag, size, value))
FORWARD(IFDHSetCapabilities, (DWORD lun, DWORD tag, DWORD size, PUCHAR value), (lun, tag, size, value))
FORWARD(IFDHSetProtocolParameters, (DWORD lun, DWORD protocol, UCHAR flags, UCHAR a, UCHAR b, UCHAR c),
	(lun, protocol, flags, a, b, c))
FORWARD(IFDHPowerICC, (DWORD lun, DWORD action, PUCHAR atr, PDWORD size), (lun, action, atr, size))
FORWARD(IFDHTransmitToICC, (DWORD lun, SCARD_IO_HEADER pci, PUCHAR tx, DWORD size, PUCHAR rx, PDWORD got,
	PSCARD_IO_HEADER answered), (lun, pci, tx, size, rx, got, answered))
FORWARD(IFDHICCPresence, (DWORD lun), (lun))

static int open_keys(void) {
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = KEYS};
	int keys = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (keys >= 0 && connect(keys, (struct sockaddr *)&address, sizeof address) == 0) return keys;
	close(keys);
	return -1;
}

/* Return whether the pad can do it: a whole command, a byte-wise ASCII block, no length in the block. */
static int can(Format format, Rules rules, const uint8_t *data, DWORD size, DWORD room) {
	return size == room && size > HEADER && size == HEADER + (DWORD)data[4] && (format.format & 0x83) == 0x82 && format.block >> 4 == 0 && (format.block & 15) > 0 &&
		format.length == 0 && rules.least <= rules.most && rules.most <= MOST && rules.condition;
}

/* Show a prompt and read one entry; return 0 or a status word of the pad. */
static int enter(int keys, unsigned prompt, Rules rules, Entry *entry) {
	char key;
	entry->count = 0;
	if (prompt > 2 || send(keys, PROMPTS[prompt], strlen(PROMPTS[prompt]), MSG_NOSIGNAL) < 0) return BAD;
	for (;;) {
		int seconds = entry->count && rules.next ? rules.next : rules.first ? rules.first : DEFAULT_SECONDS;
		struct pollfd waiting = {.fd = keys, .events = POLLIN};
		if (poll(&waiting, 1, seconds * 1000) <= 0)
			return (rules.condition & TIME) && entry->count >= rules.least ? 0 : TIMED_OUT;
		if (recv(keys, &key, 1, 0) != 1 || key == 'c') return CANCELLED;
		if (key == '\n' && (rules.condition & OK_KEY)) return entry->count < rules.least ? LENGTH : 0;
		if (key < '0' || key > '9') continue;
		if (entry->count >= rules.most) return LENGTH;
		entry->digits[entry->count++] = key;
		if (entry->count == rules.most && (rules.condition & FULL)) return 0;
	}
}

/* Write the digits over the template's filler, left or right in the block; return 0 when they do not fit. */
static int insert(UCHAR *data, DWORD size, DWORD offset, Format format, const Entry *entry) {
	DWORD block = format.block & 15;
	offset += format.format >> 3 & 15;
	if (offset + block > size || (DWORD)entry->count > block) return 0;
	if (format.format & 4) offset += block - entry->count;
	memcpy(data + offset, entry->digits, entry->count);
	return 1;
}

/* Return the length of the answer in `rx`: the card's, to a command whose length says what it is. */
static DWORD transmit(DWORD lun, UCHAR *apdu, DWORD size, PUCHAR rx, DWORD room) {
	SCARD_IO_HEADER sent = {1, sizeof sent}, answered = {1, sizeof answered};
	DWORD got = room;
	return IFDHTransmitToICC(lun, sent, apdu, size, rx, &got, &answered) == IFD_SUCCESS ? got : 0;
}

static DWORD answer(int status, PUCHAR rx) {
	rx[0] = status >> 8;
	rx[1] = status;
	return 2;
}

static DWORD verify(DWORD lun, int keys, const PIN_VERIFY_STRUCTURE *asked, DWORD size, PUCHAR rx, DWORD room) {
	UCHAR apdu[HEADER + 255];
	Rules rules = {asked->bTimerOut, asked->bTimerOut2, asked->wPINMaxExtraDigit >> 8,
		asked->wPINMaxExtraDigit & 255, asked->bEntryValidationCondition};
	Format format = {asked->bmFormatString, asked->bmPINBlockString, asked->bmPINLengthFormat};
	Entry pin;
	if (size < sizeof *asked + HEADER || asked->bNumberMessage != 1 ||
		!can(format, rules, asked->abData, asked->ulDataLength, size - sizeof *asked))
		return answer(BAD, rx);
	memcpy(apdu, asked->abData, asked->ulDataLength);
	int status = enter(keys, asked->bMsgIndex, rules, &pin);
	if (!status && !insert(apdu + HEADER, apdu[4], 0, format, &pin)) status = BAD;
	DWORD got = status ? answer(status, rx) : transmit(lun, apdu, asked->ulDataLength, rx, room);
	explicit_bzero(&pin, sizeof pin);
	explicit_bzero(apdu, sizeof apdu);
	return got;
}

static int read_new(int keys, const PIN_MODIFY_STRUCTURE *asked, Rules rules, Entry *old, Entry *new) {
	const uint8_t *prompt = &asked->bMsgIndex1;
	Entry again;
	int status = 0;
	if (asked->bConfirmPIN & CURRENT) status = enter(keys, *prompt++, rules, old);
	if (!status) status = enter(keys, *prompt++, rules, new);
	if (!status && (asked->bConfirmPIN & CONFIRM)) {
		status = enter(keys, *prompt, rules, &again);
		if (!status && (new->count != again.count || memcmp(new->digits, again.digits, new->count)))
			status = DIFFERENT;
		explicit_bzero(&again, sizeof again);
	}
	return status;
}

static DWORD modify(DWORD lun, int keys, const PIN_MODIFY_STRUCTURE *asked, DWORD size, PUCHAR rx, DWORD room) {
	UCHAR apdu[HEADER + 255];
	Rules rules = {asked->bTimerOut, asked->bTimerOut2, asked->wPINMaxExtraDigit >> 8,
		asked->wPINMaxExtraDigit & 255, asked->bEntryValidationCondition};
	Format format = {asked->bmFormatString, asked->bmPINBlockString, asked->bmPINLengthFormat};
	Entry old, new;
	int flags = asked->bConfirmPIN, prompts = 1 + (flags & CONFIRM) + (flags >> 1 & 1);
	if (size < sizeof *asked + HEADER || asked->bNumberMessage != prompts ||
		!can(format, rules, asked->abData, asked->ulDataLength, size - sizeof *asked))
		return answer(BAD, rx);
	memcpy(apdu, asked->abData, asked->ulDataLength);
	int status = read_new(keys, asked, rules, &old, &new);
	if (!status && (flags & CURRENT) && !insert(apdu + HEADER, apdu[4], asked->bInsertionOffsetOld, format, &old))
		status = BAD;
	if (!status && !insert(apdu + HEADER, apdu[4], asked->bInsertionOffsetNew, format, &new)) status = BAD;
	DWORD got = status ? answer(status, rx) : transmit(lun, apdu, asked->ulDataLength, rx, room);
	explicit_bzero(&old, sizeof old);
	explicit_bzero(&new, sizeof new);
	explicit_bzero(apdu, sizeof apdu);
	return got;
}

static DWORD features(PUCHAR rx, DWORD room) {
	PCSC_TLV_STRUCTURE known[] = {{FEATURE_VERIFY_PIN_DIRECT, 4, htonl(VERIFY)},
		{FEATURE_MODIFY_PIN_DIRECT, 4, htonl(MODIFY)}};
	if (room < sizeof known) return 0;
	memcpy(rx, known, sizeof known);
	return sizeof known;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR tx, DWORD size, PUCHAR rx, DWORD room, LPDWORD got) {
	int keys;
	*got = 0;
	if (room < 2 || access(KEYS, F_OK) != 0) return IFD_ERROR_NOT_SUPPORTED;
	if (code == CM_IOCTL_GET_FEATURE_REQUEST) *got = features(rx, room);
	else if ((code == VERIFY || code == MODIFY) && (keys = open_keys()) >= 0) {
		if (code == VERIFY) *got = verify(lun, keys, (PIN_VERIFY_STRUCTURE *)tx, size, rx, room);
		else *got = modify(lun, keys, (PIN_MODIFY_STRUCTURE *)tx, size, rx, room);
		close(keys);
	} else return IFD_ERROR_NOT_SUPPORTED;
	return *got ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}
