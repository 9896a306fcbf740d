"""What the administrator does about a body that is not well: a sentence for each reason."""

from registration.ca.errors import CASettingsError, gettext_noop

_CUT = gettext_noop(
    "The connection is cut while we speak. Look at firewalls between here and the certification"
    " body, and whether the server there accepts our certificate (OVERA_CA_TLS_CERTIFICATES)."
)
_TOKEN_AWAY = gettext_noop(
    "The token with the key of the issuing authority is not there or does not answer. Look at the"
    " device, then at OVERA_CA_PKCS11_MODULE and OVERA_CA_PKCS11_TOKEN; what waits goes on by"
    " itself."
)
_PIN_NOT_TAKEN = gettext_noop(
    "The token with the key of the issuing authority did not take the PIN, or has few tries left:"
    " it is not asked again. Correct OVERA_CA_PKCS11_PIN_FILE, then log in to the token once with"
    " the right PIN (pkcs11-tool --login)."
)
_PIN_FILE = gettext_noop("The file that OVERA_CA_PKCS11_PIN_FILE names holds no readable PIN.")
_PASSPHRASE = gettext_noop(
    "OVERA_CA_PASSPHRASE_FILE does not hold the passphrase with which the keys were made."
)
_SENTENCES = {
    "BrokenPipeError": _CUT,
    "ConnectionResetError": _CUT,
    "SSLEOFError": _CUT,
    "token-not-there": _TOKEN_AWAY,
    "token-not-usable": _TOKEN_AWAY,
    "pin-wrong": _PIN_NOT_TAKEN,
    "few-tries-left": _PIN_NOT_TAKEN,
    "file-unreadable": _PIN_FILE,
    "not-a-pin": _PIN_FILE,
    "passphrase-wrong": _PASSPHRASE,
    "passphrase-empty": _PASSPHRASE,
    "passphrase-kept-beside": gettext_noop(
        "The keys were made with a passphrase that lies beside them, not with the one in"
        " OVERA_CA_PASSPHRASE_FILE. Leave that setting out, or begin with an empty folder."
    ),
    "pin-locked": gettext_noop(
        "The PIN of the token is locked. Let its security officer set a new one, then correct"
        " OVERA_CA_PKCS11_PIN_FILE."
    ),
    "no-such-key": gettext_noop(
        "The token does not hold the key of the issuing authority: it is another token, or it was"
        " emptied. Bring the right one back."
    ),
    "token-makes-no-such-key": gettext_noop(
        "The token cannot make such a key so that it never leaves it. Choose another"
        " OVERA_CA_KEY_TYPE or another token."
    ),
    "issuing-key-kept-elsewhere": gettext_noop(
        "The key of the issuing authority was made in another place than the settings name now."
        " That is decided at the first use: set the names that begin with OVERA_CA_PKCS11 as they"
        " were then, or begin with an empty folder."
    ),
    "ConnectionRefusedError": gettext_noop(
        "Nobody listens at the address. Look at OVERA_CA_URL, then whether the certification body's"
        " program runs."
    ),
    "gaierror": gettext_noop(
        "The name in OVERA_CA_URL is not known. Look at it, and at the name service."
    ),
    "timed-out": gettext_noop(
        "There is no answer in time. Look at the network and at firewalls between here and the"
        " certification body; a slow one needs a longer OVERA_CA_PATIENCE."
    ),
    "SSLCertVerificationError": gettext_noop(
        "The web server there shows a certificate that is not trusted. Look at OVERA_CA_TLS_ROOTS."
    ),
    "connector-not-known": gettext_noop(
        "No certification body is set here that can be asked. Name one: the page on connecting one"
        " says how."
    ),
    "http-404": gettext_noop("The web server there has no such address. Look at OVERA_CA_URL."),
    "answer-is-no-cmp": gettext_noop(
        "What answers is a web server, but it does not speak CMP. Look at OVERA_CA_URL."
    ),
    "protection-wrong": gettext_noop(
        "The answer is not protected with our secret. Compare OVERA_CA_SECRET_FILE and"
        " OVERA_CA_REFERENCE with what the certification body has on record."
    ),
    "answer-not-protected": gettext_noop(
        "The certification body does not protect its answer: mostly because it does not know us."
        " Compare the reference, secret or certificate with what it has on record."
    ),
    "answer-not-signed": gettext_noop(
        "The certification body protects with a secret, we expect a signature. Choose the same on"
        " both sides."
    ),
    "no-anchors-for-signed-answer": gettext_noop(
        "The certification body signs its answers. Name OVERA_CA_ROOTS and OVERA_CA_SIGNER."
    ),
    "signer-not-the-expected-one": gettext_noop(
        "Somebody else signed the answer than OVERA_CA_SIGNER names. Ask the certification body"
        " whether its signer has changed; until then believe nothing."
    ),
    "signer-not-trusted": gettext_noop(
        "The signer's certificate leads to no root in OVERA_CA_ROOTS, or has ended. Ask the"
        " certification body for its present ones."
    ),
    "mac-algorithm-not-accepted": gettext_noop(
        "The certification body protects with an old algorithm. Ask it for HMAC-SHA-256; with"
        " HMAC-SHA-1 only OVERA_CA_ACCEPT_HMAC_SHA1=1 goes on."
    ),
    "bad-message-check": gettext_noop(
        "The certification body does not accept our protection. Compare the reference, secret or"
        " certificate with what it has on record."
    ),
    "signer-not-trusted-there": gettext_noop(
        "The certification body does not trust our certificate. Send it the certificates in"
        " OVERA_CA_CERTIFICATES."
    ),
    "not-authorized": gettext_noop(
        "The certification body knows us but does not let us ask. Have our rights there looked at."
    ),
    "client-certificate-refused": gettext_noop(
        "The web server there does not accept our certificate. Look at OVERA_CA_TLS_CERTIFICATES,"
        " and whether its issuer is trusted there."
    ),
    "client-certificate-missing": gettext_noop(
        "The web server there does not ask for our certificate. Let it require client certificates"
        " at this address, or name another one in OVERA_CA_URL."
    ),
    "answer-is-no-json": gettext_noop(
        "What answers is a web server, but not EJBCA's REST interface. Look at OVERA_CA_URL, and"
        " whether the interface is enabled there."
    ),
    "not-well-there": gettext_noop(
        "EJBCA says that its certificate service is not well. Look at its log."
    ),
    "ca-offline": gettext_noop(
        "The authority in EJBCA is off-line, or its key cannot be reached. It has to be activated"
        " there; what waits goes on by itself."
    ),
    "ca-not-known": gettext_noop(
        "EJBCA has no such authority, or our role there may not see it. Compare OVERA_CA_AUTHORITY"
        " with the names of the authorities there."
    ),
    "issuer-written-otherwise": gettext_noop(
        "EJBCA writes the authority's name in another way than we do. Put its subject DN, as it is"
        " shown there, into OVERA_CA_ISSUER."
    ),
    "certificate-profile-not-known": gettext_noop(
        "EJBCA has no such certificate profile. Compare OVERA_CA_CERTIFICATE_PROFILE with the names"
        " there."
    ),
    "end-entity-profile-not-known": gettext_noop(
        "EJBCA has no such end entity profile, or our role there may not use it. Compare"
        " OVERA_CA_END_ENTITY_PROFILE with the names there."
    ),
    "profile-violated": gettext_noop(
        "EJBCA's profiles do not allow what was asked: a part of the name, the e-mail address, the"
        " key or the end of validity. Its log says which."
    ),
    "approval-refused": gettext_noop(
        "Somebody at the certification body did not approve the request. Ask there why, then let"
        " the officer give up."
    ),
    "approval-expired": gettext_noop(
        "Nobody at the certification body approved the request in time. Let the officer give up and"
        " issue again."
    ),
    "http-400": gettext_noop(
        "The server there refused the request. Its log of this time says why; EJBCA does so mostly"
        " because its profiles do not allow what was asked."
    ),
    "http-500": gettext_noop(
        "The server there failed in the middle of its work. Look at its log of this time before"
        " anything is asked again."
    ),
    "approvals-enabled": gettext_noop(
        "EJBCA wants somebody's approval, and its REST interface takes no requests that wait for"
        " it. Let approvals be switched off for the authority and the profile."
    ),
    "issuing-ca-expired": gettext_noop(
        "The certificate of the issuing authority has ended, or has not begun. Put the present"
        " chain into OVERA_CA_CHAIN."
    ),
}
SETTING = "setting-"  # before the name of a setting that is the reason
_OTHER = gettext_noop(
    "The certification body cannot be used (%(reason)s). Look at its log at this very time, and at"
    " the page on connecting one."
)


def sentence(reason: str) -> str:
    """Return an English msgid with the place %(reason)s at most; settings as the default body's."""
    if reason.startswith(SETTING):
        return CASettingsError.message
    return _SENTENCES.get(reason, _OTHER)
