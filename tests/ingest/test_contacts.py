"""What is read of an account's contacts."""

from __future__ import annotations

from muniment.schema import Status

from .answers import Answers, edges, nodes, read

ACCOUNT = "222222222222"


def test_contacts_that_are_set_are_read_and_others_are_not_missing():
    reader, facts = read(Answers("contacts"), "contacts", ACCOUNT)

    assert reader.status is Status.COMPLETE
    contacts = nodes(facts, "Contact")
    assert {contact.properties["type"] for contact in contacts.values()} == {"PRIMARY", "SECURITY"}
    security = contacts[f"contact/{ACCOUNT}/SECURITY"].properties
    assert (security["name"], security["email"]) == ("Ingrid Solberg", "security@halden.example")
    assert contacts[f"contact/{ACCOUNT}/PRIMARY"].properties["phone"] == "+4723000100"
    assert edges(facts, "HAS_CONTACT") == {(ACCOUNT, contact) for contact in contacts}


def test_a_refused_contact_is_not_taken_for_none():
    source = Answers("contacts", GetAlternateContact="AccessDeniedException")
    reader, facts = read(source, "contacts", ACCOUNT)

    assert reader.status is Status.PARTIAL
    assert [refusal.action for refusal in reader.refusals] == ["account:GetAlternateContact"]
    assert list(nodes(facts, "Contact")) == [f"contact/{ACCOUNT}/PRIMARY"]


def test_an_account_that_refuses_both_is_denied():
    source = Answers(
        "contacts", GetAlternateContact="AccessDeniedException", GetContactInformation="AccessDeniedException"
    )

    assert read(source, "contacts", ACCOUNT)[0].status is Status.DENIED
