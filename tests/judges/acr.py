#!/usr/bin/env python3
"""Microsoft's own clients judge the provider acr: their requests and ours are compared field by field.

    acr.py PROGRAM WORLD        WORLD: rcb-test-world, of the same build; its last line: "N passed, M failed"

azure-identity (ClientAssertionCredential, on MSAL) and azure-containerregistry make the exchange with the servers of tests/support, which verify every
token, and so does the program, for the same service account token. A recorder in front of the servers keeps what each of them sent. What only one of
them sends must be in the lists below, with the reason.
"""
import http.client
import http.server
import json
import logging
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.parse

from azure.containerregistry import ContainerRegistryClient
from azure.identity import ClientAssertionCredential
from msal.authority import WELL_KNOWN_AUTHORITY_HOSTS

from shared.broker import Tally, ask, claims_of
from shared.world import World

TENANT = "11111111-2222-3333-4444-555555555555"
TENANT_DOMAIN = "contoso.onmicrosoft.com"
CLIENT = "aaaaaaaa-0000-0000-0000-000000000001"
NOT_FEDERATED = "aaaaaaaa-0000-0000-0000-000000000002"
AUDIENCE = "api://AzureADTokenExchange"
SCOPE = "https://containerregistry.azure.net/.default"
EXCHANGE = "/oauth2/exchange"

# MSAL asks for claims about the user, of which a client has none.
ONLY_MSAL = {"client_info"}
# The version of the generated client's own API. The documented request and the Azure CLI's have none.
ONLY_THEIR_QUERY = {"api-version"}
# Documented (Azure/acr, docs/AAD-OAuth.md) and sent by the Azure CLI, but not by this client.
ONLY_OURS = {"tenant"}


class Recorder(http.server.ThreadingHTTPServer):
    """Passes requests on, and keeps them; answers itself what the servers of tests/support do not have."""

    def __init__(self, folder, target, ca):
        super().__init__(("127.0.0.1", 0), Handler)
        self.target, self.ca, self.requests = target, ca, []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.crt", folder / "server.key")
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.host = f"127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self):
        """The POSTs since the last call, in order: (path, query, headers, fields)."""
        taken, self.requests = self.requests, []
        return taken


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reply_json(self, document):
        self.reply(200, json.dumps(document).encode(), [("Content-Type", "application/json")])

    def do_GET(self):
        host = self.headers["Host"]
        path = urllib.parse.urlsplit(self.path).path
        if path.endswith("/.well-known/openid-configuration"):
            tenant = f"https://{host}/{path.split('/')[1]}"
            self.reply_json({"issuer": f"{tenant}/v2.0", "token_endpoint": f"{tenant}/oauth2/v2.0/token",
                             "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize"})
        elif "Authorization" in self.headers:
            self.reply_json({"repositories": ["team/app"]})
        else:
            challenge = f'Bearer realm="https://{host}/oauth2/token",service="{host}",scope="registry:catalog:*"'
            self.reply(401, b"", [("WWW-Authenticate", challenge)])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = urllib.parse.parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True)
        path, _, query = self.path.partition("?")
        self.server.requests.append((path, query, self.headers, fields))
        if path == "/oauth2/token":
            self.reply_json({"access_token": "of-the-registry"})
            return
        connection = http.client.HTTPSConnection(self.server.target, timeout=30,
                                                 context=ssl.create_default_context(cafile=self.server.ca))
        connection.request("POST", self.path, body, {"Content-Type": self.headers["Content-Type"],
                                                     "Host": self.headers["Host"]})
        answer = connection.getresponse()
        self.reply(answer.status, answer.read(), [("Content-Type", answer.headers["Content-Type"])])


def broker_answer(program, world, host, token, tenant, client):
    """The program's exit status, and its answer or its line."""
    rule = {"name": "azure", "module": "acr", "matchImages": ["contoso.azurecr.io"], "audience": AUDIENCE,
            "settings": {"tenantId": tenant, "clientId": client, "authorityHost": host, "loginServer": host}}
    run = ask(program, world.folder, rule, "contoso.azurecr.io/team/app", token, {"SSL_CERT_FILE": world.ca})
    return run.returncode, run.stdout or run.stderr


class Judge(Tally):
    def __init__(self, program, world, recorder):
        super().__init__()
        self.program, self.world, self.recorder = program, world, recorder

    def credential(self, token, tenant, client=CLIENT):
        return ClientAssertionCredential(tenant, client, lambda: token, authority=self.recorder.host,
                                         disable_instance_discovery=True, connection_verify=self.world.ca)

    def microsoft(self, token, tenant):
        """What Microsoft's clients send for the list of a registry's repositories."""
        registry = ContainerRegistryClient("https://" + self.recorder.host, self.credential(token, tenant),
                                           audience=SCOPE.removesuffix("/.default"), connection_verify=self.world.ca)
        self.expect("the client of the registry is let in", list(registry.list_repository_names()), ["team/app"])
        return [request for request in self.recorder.take() if request[0] != "/oauth2/token"]

    def ours(self, token, tenant):
        status, answer = broker_answer(self.program, self.world, self.recorder.host, token, tenant, CLIENT)
        self.expect(f"the program answers for {tenant}", status, 0)
        credential = json.loads(answer)["auth"]["contoso.azurecr.io"] if status == 0 else {}
        self.expect("the user name", credential.get("username"), "00000000-0000-0000-0000-000000000000")
        claims = claims_of(credential.get("password", ".e30."))
        self.expect("the password is a refresh token of the registry", claims.get("grant_type"), "refresh_token")
        self.expect("for this registry", claims.get("aud"), self.recorder.host)
        return self.recorder.take()

    def compare(self, tenant, only_ours):
        token = self.world.token()
        theirs, ours = self.microsoft(token, tenant), self.ours(token, tenant)
        paths = [f"/{tenant}/oauth2/v2.0/token", EXCHANGE]
        self.expect("Microsoft's requests", [request[0] for request in theirs], paths)
        self.expect("our requests", [request[0] for request in ours], paths)
        for (path, their_query, their_headers, their_fields), (_, our_query, our_headers, our_fields) in zip(theirs, ours):
            self.expect(f"{path}: query", our_query, "")
            self.expect(f"{path}: their query", set(urllib.parse.parse_qs(their_query)) <= ONLY_THEIR_QUERY)
            self.expect(f"{path}: type", our_headers["Content-Type"].split(";")[0],
                        their_headers["Content-Type"].split(";")[0])
            self.expect(f"{path}: no field twice", [len(values) for values in our_fields.values()], [1] * len(our_fields))
            self.expect(f"{path}: only theirs", set(their_fields) - set(our_fields) <= ONLY_MSAL)
            self.expect(f"{path}: only ours", set(our_fields) - set(their_fields),
                        only_ours if path == EXCHANGE else set())
            # Entra issues a new access token for each, of the same claims.
            for name in sorted(set(our_fields) & set(their_fields)):
                ours_is, theirs_is = our_fields[name][0], their_fields[name][0]
                if name == "access_token":
                    ours_is, theirs_is = ({**claims_of(one), "iat": 0, "exp": 0} for one in (ours_is, theirs_is))
                self.expect(f"{path}: {name}", ours_is, theirs_is)

    def known_hosts(self):
        """Every Entra that the table names is one that MSAL knows, so that no token goes to a host with a typing error."""
        show = subprocess.run([self.program, "providers", "show", "acr", "--output", "json"], check=True,
                              capture_output=True, text=True)
        hosts = [contact for contact in json.loads(show.stdout)["contacts"] if " " not in contact]
        self.expect("the table has hosts", len(hosts) >= 3)
        self.expect("MSAL knows them", set(hosts) <= set(WELL_KNOWN_AUTHORITY_HOSTS))

    def refused(self, code, account="puller", client=CLIENT):
        """Both are refused, and both name the same code."""
        token = self.world.token("team-a/" + account)
        try:
            self.credential(token, TENANT, client).get_token(SCOPE)
            theirs = "no error"
        except Exception as error:  # pylint: disable=broad-except
            theirs = str(error)
        status, ours = broker_answer(self.program, self.world, self.recorder.host, token, TENANT, client)
        self.expect(f"azure-identity is refused with {code}", code in theirs)
        self.expect(f"the program is refused with {code}", (status, code in ours), (77, True))
        self.recorder.take()


def main():
    logging.disable()  # of Microsoft's clients, which log every refusal
    program, world_program = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as name:
        world = World(world_program, pathlib.Path(name), AUDIENCE)
        try:
            judge = Judge(program, world, Recorder(world.folder, world.exchange, world.ca))
            judge.known_hosts()
            judge.compare(TENANT, ONLY_OURS)
            judge.compare(TENANT_DOMAIN, set())
            judge.refused("AADSTS700213", account="deployer")
            judge.refused("AADSTS70025", client=NOT_FEDERATED)
            judge.refused("AADSTS700016", client="aaaaaaaa-0000-0000-0000-000000000009")
        finally:
            world.stop()
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed or not judge.passed else 0


if __name__ == "__main__":
    sys.exit(main())
