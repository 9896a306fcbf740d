"""How the virtual card names the commands that it is given."""

from cardops.virtual.steps import Steps


def names(*commands: str) -> list[str]:
    steps = Steps()
    return [steps.name(bytes.fromhex(each)) for each in commands]


def test_a_read_is_named_by_its_file_and_the_rest_of_an_answer_by_what_was_asked() -> None:
    given = names("00A4080002 0F02 04", "00B0000004", "00B00004FF", "00CB3FFF055C035FC10A00")
    assert given == ["A4 08 00 0F02", "B0 of 0F02", "B0 of 0F02", "CB 3F FF 5FC10A"]
    assert names("00CB3FFF055C035FC10A00", "00C0000000")[1] == "C0 after CB 3F FF 5FC10A"


def test_links_of_a_chain_are_counted() -> None:
    link, last = "10DB3FFF075C035FC10A5300", "00DB3FFF0101"
    assert names(link, link, last) == [
        "DB 3F FF 5FC10A link 1",
        "DB 3F FF 5FC10A link 2",
        "DB 3F FF 5FC10A last link",
    ]


def test_steps_with_secrets_are_told_apart_without_them() -> None:
    pin, ask = "0020008008 3833353230313734", "00870A9B047C02800000"
    prove, sign = "00870A9B147C128010" + "00" * 16, "0087119C047C028200"
    assert names("00200080", pin) == ["20 00 80 tries", "20 00 80 PIN"]
    assert names(ask, prove, sign) == ["87 0A 9B ask", "87 0A 9B prove", "87 11 9C sign"]
