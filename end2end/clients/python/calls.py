"""The API through the client that openapi-python-client makes of the document: good calls, errors, pages."""

import os

from passalong_client import AuthenticatedClient
from passalong_client.api.codes import create_code, delete_code, get_code, list_codes, update_code
from passalong_client.api.users import create_user, get_user
from passalong_client.models import Code, CodeChanges, CodePage, ErrorCode, NewCode, NewUser, Problem, User

client = AuthenticatedClient(base_url=os.environ["BASE_URL"], token=os.environ["API_KEY"])


def the(kind, answer):
    """What came back, if it is of this kind."""
    assert isinstance(answer, kind), answer
    return answer


# A user joins; sent again, it is the same one.
new = NewUser(email="py@example.com", external_id="py-1", full_name="Py Thon")
created = create_user.sync_detailed(client=client, body=new)
user = the(User, created.parsed)
assert created.status_code == 201 and user.link.startswith(f"{os.environ['BASE_URL']}/r/")
again = create_user.sync_detailed(client=client, body=new)
assert again.status_code == 200 and again.parsed.id == user.id
assert the(User, get_user.sync(client=client, id="ext:py-1")).email == "py@example.com"

# Codes: with a name, at random, and once however often they are sent.
spring = NewCode(code="PY-SPRING", description="Spring", category="py", max_uses=None, beneficiary_id=user.id)
named = the(Code, create_code.sync(client=client, body=spring))
assert (named.code, named.max_uses, named.status.value) == ("PY-SPRING", None, "active")
random = NewCode(description="Random", category="py")
first, second = (create_code.sync(client=client, body=random, idempotency_key="py-once") for _ in range(2))
assert the(Code, first) == the(Code, second)
the(Code, create_code.sync(client=client, body=NewCode(description="Another", category="py")))

# Page by page.
codes, query = [], {}
while True:
    page = the(CodePage, list_codes.sync(client=client, category="py", limit=1, **query))
    codes += page.data
    if page.next_ is None:
        break
    query = {"after": page.next_}
assert len(codes) == 3 and codes[2].id == named.id and codes[0].created_at.tzinfo is not None

# Null clears, and what is left out stays.
changed = the(Code, update_code.sync(client=client, id=named.id, body=CodeChanges(category=None)))
assert (changed.category, changed.description) == (None, "Spring")

# Errors have a code that can be told apart, and what is wrong.
invalid = create_code.sync_detailed(client=client, body=NewCode(description=""))
assert invalid.status_code == 422 and the(Problem, invalid.parsed).code == ErrorCode.VALIDATION
assert invalid.parsed.errors[0].field == "description"
named_request = client.with_headers({"X-Request-Id": "py-missing"})
missing = get_code.sync_detailed(client=named_request, id=999_999)
assert missing.status_code == 404 and the(Problem, missing.parsed).code == ErrorCode.CODE_NOT_FOUND
assert missing.parsed.request_id == missing.headers["X-Request-Id"] == "py-missing"
assert missing.headers["RateLimit-Limit"] == "6000"

assert delete_code.sync_detailed(client=client, id=named.id).status_code == 204
print("Python: called")
