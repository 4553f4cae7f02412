"""The program under judgement, run as the kubelet runs it, and what its judges count."""
import base64
import json
import subprocess


def request_for(image, token):
    return json.dumps({"apiVersion": "credentialprovider.kubelet.k8s.io/v1", "kind": "CredentialProviderRequest", "image": image,
                       "serviceAccountToken": token, "serviceAccountAnnotations": {}})


def ask(program, folder, rule, image, token, environment=None):
    """One run with a broker file of this rule. `environment`: all of it; None: the judge's own."""
    config = folder / "broker.json"
    config.write_text(json.dumps({"apiVersion": "registry-credential-broker/v1alpha1", "kind": "BrokerConfig", "providers": [rule]}))
    config.chmod(0o644)
    return subprocess.run([program, "--config", config], input=request_for(image, token), capture_output=True, text=True,
                          env=environment, timeout=60, check=False)


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, what, actual, expected=True):
        if actual == expected:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED: {what}\n  expected {expected!r}\n  actual   {actual!r}")
