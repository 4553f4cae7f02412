#!/usr/bin/env python3
"""Amazon's own client, a mock of AWS and the Kubernetes project's plugin judge the provider ecr.

    ecr.py PROGRAM WORLD        WORLD: rcb-test-world, of the same build; its last line: "N passed, M failed"

boto3 makes the exchange with our servers, which verify tokens and signatures, and so does the program: their requests are compared field by field, and botocore's
signer signs the program's request again. moto[server] verifies the program's signature, with botocore's signer too, and what the role may. botocore's endpoint
rules judge the hosts of every partition and region. RCB_ECR_PEER, if set, names an ecr-credential-provider: the same credential from the same moto, and how fast.
"""
import base64
import http.client
import http.server
import json
import os
import pathlib
import re
import socket
import socketserver
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions
import botocore.session
import trustme

from shared.broker import Tally, ask, claims_of, request_for
from shared.world import World

ROLE = "arn:aws:iam::111122223333:role/pull"
WITHOUT_ECR = "arn:aws:iam::111122223333:role/without-ecr"
THROTTLED = "arn:aws:iam::111122223333:role/throttled"
REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
PUBLIC = "public.ecr.aws"
AUDIENCE = "sts.amazonaws.com"
# moto keeps roles in this account unless a key says another.
MOTO_ROLE = "arn:aws:iam::123456789012:role/pull"
MOTO_OTHER_ROLE = "arn:aws:iam::123456789012:role/without-ecr"

# What boto3 sends beyond the exchange itself: who it is, and how it wants its answer.
ONLY_BOTO = {"accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "user-agent"}
# What the program sends beyond it.
ONLY_OURS = {"accept", "connection", "user-agent"}

SESSION = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
<AccessKeyId>ASIAFAKEFAKEFAKEFAKE</AccessKeyId><SecretAccessKey>FAKE</SecretAccessKey><SessionToken>FAKE==</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Recorder(http.server.ThreadingHTTPServer):
    """Passes requests on to `target`, or answers itself without one, and keeps them with their answers."""

    daemon_threads = True

    def __init__(self, authority, names, target=None, target_ca=None):
        super().__init__(("127.0.0.1", 0), RecorderHandler)
        self.target, self.exchanges = target, []
        self.target_context = ssl.create_default_context(cafile=target_ca) if target else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost", *names).configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self):
        taken, self.exchanges = self.exchanges, []
        return taken


class RecorderHandler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        if server.target is None:
            is_sts = "X-Amz-Target" not in self.headers
            token = base64.b64encode(b"AWS:password").decode()
            status, headers = 200, {"Content-Type": "text/xml" if is_sts else "application/x-amz-json-1.1"}
            answer = SESSION.encode() if is_sts else json.dumps({"authorizationData": [{"authorizationToken": token}]}).encode()
        else:
            connection = http.client.HTTPSConnection(server.target, timeout=30, context=server.target_context)
            connection.putrequest("POST", self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            status, headers, answer = response.status, dict(response.headers), response.read()
        server.exchanges.append({"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()},
                                 "body": body.decode(), "answer": answer.decode()})
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class Proxy(socketserver.ThreadingTCPServer):
    """Takes every CONNECT to one server, so that the program believes it has reached AWS."""

    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.port, self.hosts = port, []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ProxyHandler(socketserver.StreamRequestHandler):
    def handle(self):
        host = self.rfile.readline().decode().split()[1]
        while self.rfile.readline().strip():
            pass
        self.server.hosts.append(host)
        with socket.create_connection(("127.0.0.1", self.server.port)) as server:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self.copy, args=(server, self.connection), daemon=True)
            back.start()
            self.copy(self.connection, server)
            back.join(5)

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Moto:
    """A mock of AWS that authenticates and authorizes every signed request."""

    def __init__(self, authority, folder):
        leaf = authority.issue_cert("127.0.0.1")
        leaf.private_key_pem.write_to_path(str(folder / "moto.key"))
        (folder / "moto.crt").write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        self.port, self.ca = free_port(), str(folder / "ca.pem")
        self.log = (folder / "moto.log").open("w")
        self.process = subprocess.Popen(
            [pathlib.Path(sys.executable).with_name("moto_server"), "-H", "127.0.0.1", "-p", str(self.port), "-s", "-c", folder / "moto.crt",
             "-k", folder / "moto.key"], stdout=self.log, stderr=self.log)
        self.url = f"https://127.0.0.1:{self.port}"
        self.context = ssl.create_default_context(cafile=self.ca)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/", context=self.context).read()
                break
            except OSError:
                time.sleep(0.1)
        iam = boto3.client("iam", region_name="us-east-1", endpoint_url=self.url, verify=self.ca, aws_access_key_id="a",
                           aws_secret_access_key="b")
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}]}
        for name in ("pull", "without-ecr"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        pull = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}]}
        iam.put_role_policy(RoleName="pull", PolicyName="pull", PolicyDocument=json.dumps(pull))

    def authenticate(self):
        """From the second action on, until the next call: the first is STS, whose request has no signature, which moto would not take then."""
        request = urllib.request.Request(f"{self.url}/moto-api/reset-auth", b"1", {"Content-Type": "text/plain"})
        urllib.request.urlopen(request, context=self.context).read()


class Judge(Tally):
    def __init__(self, program, folder, authority):
        super().__init__()
        self.program, self.folder, self.authority = program, folder, authority

    def ours(self, token, image, role, settings=None, ca=None, proxy=None):
        """The program's exit status, and its answer or its line."""
        rule = {"name": "ecr", "module": "ecr", "matchImages": [image], "audience": claims_of(token)["aud"][0],
                "settings": {"roleArn": role, **(settings or {})}}
        environment = {"SSL_CERT_FILE": ca or str(self.folder / "ca.pem"), **({"HTTPS_PROXY": proxy} if proxy else {})}
        run = ask(self.program, self.folder, rule, image + "/team/app", token, environment)
        return run.returncode, run.stdout or run.stderr

    def credential(self, outcome, image):
        status, text = outcome
        self.expect(f"the program has a password for {image}: {text if status else ''}", status, 0)
        return json.loads(text)["auth"].get(image, {}) if status == 0 else {}


def form_of(exchange):
    return {name: values for name, values in urllib.parse.parse_qs(exchange["body"], strict_parsing=True).items()}


def boto(service, region, url, ca, session=None):
    """A client that neither retries nor reads this machine's configuration."""
    config = botocore.config.Config(retries={"total_max_attempts": 1}, signature_version=None if session else botocore.UNSIGNED)
    keys = {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"],
            "aws_session_token": session["SessionToken"]} if session else {}
    return boto3.client(service, region_name=region, endpoint_url=url, verify=ca, config=config, **keys)


def boto_exchange(url, ca, role, token, more, public=False):
    """What boto3 gets, or the code of its error."""
    try:
        session = boto("sts", "us-west-2", url, ca).assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="team-a.puller", WebIdentityToken=token, **more)["Credentials"]
        service, region = ("ecr-public", "us-east-1") if public else ("ecr", "us-west-2")
        data = boto(service, region, url, ca, session).get_authorization_token()["authorizationData"]
        return data if public else data[0]
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def compare_requests(judge, world):
    """The same exchange by boto3 and by the program, with our servers: both succeed, with the same requests."""
    recorder = Recorder(judge.authority, [], world.exchange, world.ca)
    for image, public in ((REGISTRY, False), (PUBLIC, True)):
        token = world.token()
        settings = {"stsUrl": recorder.url, "ecrUrl": recorder.url}
        credential = judge.credential(judge.ours(token, image, ROLE, settings), image)
        ours = recorder.take()
        judge.expect(f"{image}: two requests", len(ours), 2)
        form = form_of(ours[0])
        more = {"Policy": form["Policy"][0], "DurationSeconds": int(form["DurationSeconds"][0])}
        data = boto_exchange(recorder.url, str(judge.folder / "ca.pem"), ROLE, token, more, public)
        theirs = recorder.take()
        judge.expect(f"{image}: our servers accept boto3's exchange", isinstance(data, dict))
        judge.expect(f"{image}: user name", credential.get("username"), "AWS")
        for number, (one, other) in enumerate(zip(ours, theirs)):
            what = f"{image}, request {number}"
            judge.expect(f"{what}: path", one["path"], other["path"])
            judge.expect(f"{what}: headers that only boto3 sends", set(other["headers"]) - set(one["headers"]) <= ONLY_BOTO)
            judge.expect(f"{what}: headers that only we send", set(one["headers"]) - set(other["headers"]) <= ONLY_OURS)
            content_types = [exchange["headers"]["content-type"].split(";")[0] for exchange in (one, other)]
            judge.expect(f"{what}: content type", content_types[0], content_types[1])
        judge.expect(f"{image}: form", form, form_of(theirs[0]))
        judge.expect(f"{image}: body", ours[1]["body"], theirs[1]["body"])
        judge.expect(f"{image}: target", ours[1]["headers"]["x-amz-target"], theirs[1]["headers"]["x-amz-target"])
        scopes = [re.search(r"Credential=[^/]+/(.*?), SignedHeaders=(.*?), ", exchange["headers"]["authorization"]) for exchange in (ours[1], theirs[1])]
        judge.expect(f"{image}: scope of the signature", scopes[0][1], scopes[1][1])
        judge.expect(f"{image}: signed headers", scopes[0][2], scopes[1][2])
        judge.expect(f"{image}: botocore signs our request as we do", ours[1]["headers"]["authorization"], signed_again(ours))


def signed_again(exchanges):
    """What botocore's signer puts into the header Authorization of the program's second request."""
    answer, request = exchanges[0]["answer"], exchanges[1]
    member = {name: re.search(f"<{name}>(.*?)</{name}>", answer)[1] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}
    credentials = botocore.credentials.Credentials(member["AccessKeyId"], member["SecretAccessKey"], member["SessionToken"])
    scope = request["headers"]["authorization"].split("Credential=")[1].split("/")
    signer = botocore.auth.SigV4Auth(credentials, scope[3], scope[2])
    names = re.search("SignedHeaders=(.*?),", request["headers"]["authorization"])[1].split(";")
    made = botocore.awsrequest.AWSRequest("POST", "https://" + request["headers"]["host"] + "/", data=request["body"],
                                          headers={name: request["headers"][name] for name in names})
    made.context["timestamp"] = request["headers"]["x-amz-date"]
    signature = signer.signature(signer.string_to_sign(made, signer.canonical_request(made)), made)
    return f"AWS4-HMAC-SHA256 Credential={signer.scope(made)}, SignedHeaders={';'.join(names)}, Signature={signature}"


def compare_refusals(judge, world):
    """What our servers refuse, boto3 and the program report under the same code."""
    url, more = "https://" + world.exchange, {"DurationSeconds": 900}
    settings = {"stsUrl": url, "ecrUrl": url}
    for code, status, role, token in (
            ("AccessDenied", 77, ROLE, world.token("default/puller")),
            ("InvalidIdentityToken", 77, ROLE, world.token(audience="other")),
            ("AccessDeniedException", 77, WITHOUT_ECR, world.token()),
            ("Throttling", 69, THROTTLED, world.token())):
        judge.expect(f"boto3 is refused with {code}", boto_exchange(url, world.ca, role, token, more), code)
        ours = judge.ours(token, REGISTRY, role, settings, world.ca)
        judge.expect(f"the program is refused with {code}: {ours[1]}", (ours[0], f" {code} (request " in ours[1]), (status, True))
    late = boto_exchange(url, world.ca, ROLE, world.token(expires_in=-60), more)
    judge.expect("boto3 is refused with ExpiredTokenException; the program does not even send an expired token", late, "ExpiredTokenException")


def by_moto(judge, world, moto):
    """moto's signer, which is botocore's, accepts the program's signature; its policies decide as AWS's do."""
    settings = {"stsUrl": moto.url, "ecrUrl": moto.url}
    token = world.token()
    image = "123456789012.dkr.ecr.us-west-2.amazonaws.com"
    moto.authenticate()
    credential = judge.credential(judge.ours(token, image, MOTO_ROLE, settings), image)
    judge.expect("moto's password", credential, {"username": "AWS", "password": "123456789012-auth-token"})
    judge.expect("moto refuses a signature with another key", forged(moto, token), "403")
    moto.authenticate()
    # moto answers this one in XML, of which boto3 reads no code either.
    status, line = judge.ours(token, image, MOTO_OTHER_ROLE, settings)
    judge.expect(f"moto refuses a role without permission: {line}", (status, "ECR answered 403 " in line), (77, True))
    moto.authenticate()
    judge.expect("and boto3", boto_exchange(moto.url, moto.ca, MOTO_OTHER_ROLE, token, {}), "403")


def forged(moto, token):
    """The code of moto's answer to a session's request that another key signed: that it really verifies."""
    moto.authenticate()
    session = boto("sts", "us-west-2", moto.url, moto.ca).assume_role_with_web_identity(
        RoleArn=MOTO_ROLE, RoleSessionName="team-a.puller", WebIdentityToken=token)["Credentials"]
    try:
        boto("ecr", "us-west-2", moto.url, moto.ca, {**session, "SecretAccessKey": "another"}).get_authorization_token()
        return "no error"
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def all_endpoints(judge):
    """Every region of every partition, in each form of its registry's host: the program asks what botocore asks."""
    session = botocore.session.Session()
    partitions = json.loads((pathlib.Path(botocore.__file__).parent / "data/partitions.json").read_text())["partitions"]
    cases = []
    for partition in partitions:
        outputs, name = partition["outputs"], partition["id"]
        dual = {"aws": "on.aws", "aws-us-gov": "on.aws", "aws-cn": "on.amazonwebservices.com.cn"}.get(name)
        for region in sorted(partition["regions"]):
            if not re.match(partition["regionRegex"], region):
                continue  # "aws-global"
            for fips in (False, True):
                suffix = "-fips" if fips else ""
                cases.append((f"111122223333.dkr.ecr{suffix}.{region}.{outputs['dnsSuffix']}", name, region, fips, False))
                if dual:
                    cases.append((f"111122223333.dkr-ecr{suffix}.{region}.{dual}", name, region, fips, True))
    cases += [(PUBLIC, "aws", "us-east-1", False, False), ("ecr-public.aws.com", "aws", "us-east-1", False, True)]
    expected = {case: [endpoint(session, service, *case[2:]) for service in ("sts", "ecr-public" if "public" in case[0] else "ecr")] for case in cases}
    recorder = Recorder(judge.authority, sorted({host for hosts in expected.values() for host in hosts}))
    proxy = Proxy(recorder.server_port)
    token = fake_token()
    for case in cases:
        role = f"arn:{case[1]}:iam::111122223333:role/pull"
        status, text = judge.ours(token, case[0], role, proxy=proxy.url)
        hosts = [exchange["headers"]["host"] for exchange in recorder.take()]
        judge.expect(f"the endpoints of {case[0]} {text if status else ''}", hosts, expected[case])
    judge.expect("and connects nowhere else", proxy.hosts, [host + ":443" for case in cases for host in expected[case]])


def endpoint(session, service, region, fips, dual):
    config = botocore.config.Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual)
    client = session.create_client(service, region_name=region, config=config, aws_access_key_id="a", aws_secret_access_key="b")
    operation = client.meta.service_model.operation_model("GetAuthorizationToken" if service != "sts" else "AssumeRoleWithWebIdentity")
    context = {"client_region": region, "client_config": client.meta.config, "has_streaming_input": False, "auth_type": None}
    return client._resolve_endpoint_ruleset(operation, {}, context)[0].removeprefix("https://")  # pylint: disable=protected-access


def fake_token():
    """For servers that do not look at it."""
    now = int(time.time())
    claims = {"iss": "https://issuer.test", "sub": "system:serviceaccount:team-a:puller", "aud": [AUDIENCE], "iat": now, "exp": now + 3600,
              "kubernetes.io": {"namespace": "team-a", "serviceaccount": {"name": "puller", "uid": "1"}}}
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "kid": "a"}, claims)] + [b"x" * 64]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def beside_the_peer(judge, world, moto, peer):
    """ecr-credential-provider gets the same credential from the same moto, and is refused with the same code."""
    image, token = "123456789012.dkr.ecr.us-west-2.amazonaws.com", world.token()

    def theirs(role):
        moto.authenticate()
        environment = {"AWS_ECR_ROLE_ARN": role, "AWS_ENDPOINT_URL_STS": moto.url, "AWS_ENDPOINT_URL_ECR": moto.url, "AWS_CA_BUNDLE": moto.ca,
                       "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(judge.folder)}
        run = subprocess.run([peer], input=request_for(image + "/team/app", token), capture_output=True, text=True, env=environment, timeout=120, check=False)
        return run.returncode, run.stdout if run.returncode == 0 else run.stderr

    def ours(role):
        moto.authenticate()
        return judge.ours(token, image, role, {"stsUrl": moto.url, "ecrUrl": moto.url})

    mine, others = judge.credential(ours(MOTO_ROLE), image), theirs(MOTO_ROLE)
    judge.expect(f"the peer has a password: {others[1]}", others[0], 0)
    judge.expect("the same credential", mine, json.loads(others[1] if others[0] == 0 else '{"auth": {}}')["auth"].get(image))
    refused = theirs(MOTO_OTHER_ROLE)
    judge.expect(f"the peer is refused with the same status: {refused[1]}", (refused[0] != 0, "403" in refused[1]), (True, True))
    times = {}
    for _ in range(15):
        for name, run in (("ecr-credential-provider", theirs), ("registry-credential-broker", ours)):
            start = time.perf_counter()
            run(MOTO_ROLE)
            times.setdefault(name, []).append(time.perf_counter() - start)
    for name, samples in times.items():
        print(f"{name}: {statistics.median(samples) * 1000:.0f} ms (median of {len(samples)} exchanges with moto)")


def main():
    for variable in [name for name in os.environ if name.startswith("AWS_") or name.upper().endswith("_PROXY")]:
        del os.environ[variable]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    program, world_program = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:3])
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        world = moto = None
        judge = Judge(program, folder, authority)
        try:
            world = World(world_program, folder / "world", AUDIENCE)
            moto = Moto(authority, folder)
            compare_requests(judge, world)
            compare_refusals(judge, world)
            by_moto(judge, world, moto)
            all_endpoints(judge)
            peer = os.environ.get("RCB_ECR_PEER")
            if peer:
                beside_the_peer(judge, world, moto, peer)
        finally:
            for server in (world, moto):
                if server:
                    server.process.terminate()
                    server.process.wait()
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed or not judge.passed else 0


if __name__ == "__main__":
    sys.exit(main())
