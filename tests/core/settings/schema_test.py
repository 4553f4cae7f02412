#!/usr/bin/env python3
"""The schema of the broker file, tested with a validator: it is a schema, accepts every sample, and refuses what the reader refuses.

    schema_test.py COMMAND…     the command that prints the schema: `registry-credential-broker render schema`

Needs python3-jsonschema and python3-yaml.
"""

import copy
import json
import subprocess
import sys
import unittest
from pathlib import Path

import jsonschema
import yaml

SAMPLES = Path(__file__).resolve().parents[3] / "config" / "samples"
COMMAND = sys.argv[1:]

RULE = {
    "name": "acme",
    "module": "cloudsmith",
    "matchImages": ["docker.cloudsmith.io"],
    "audience": "cloudsmith",
    "settings": {"organization": "acme", "service": "puller"},
}
FILE = {"apiVersion": "registry-credential-broker/v1alpha1", "kind": "BrokerConfig", "providers": [RULE]}


def printed_schema():
    return json.loads(subprocess.run(COMMAND, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout)


def with_changes(changes):
    """The file above; a path such as providers/0/name is set to a value, or removed by None."""
    document = copy.deepcopy(FILE)
    for path, value in changes.items():
        here = document
        *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        for step in way:
            here = here[step] if isinstance(here, list) else here.setdefault(step, {})
        if value is None:
            del here[last]
        else:
            here[last] = value
    return document


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = printed_schema()
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def test_accepts_every_sample(self):
        samples = [path for path in sorted(SAMPLES.glob("broker-*")) if path.suffix in (".yaml", ".json")]
        self.assertGreaterEqual(len(samples), 4)
        for path in samples:
            with self.subTest(path.name):
                self.validator.validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def test_accepts_what_the_reader_accepts(self):
        for changes in (
            {},
            {"deadline": "1s", "logLevel": "debug"},
            {"providers/0/maxCacheDuration": "1h30m"},
            {"providers/0/allow": [{"namespace": "team-*"}, {"namespace": "*", "serviceAccount": "ci"}]},
            {"providers/0/module": "/usr/lib/rcb/x.so", "providers/0/settings": {"any": ["a", 1, True], "map": {"a": "b", "c": 1}}},
            {"providers/0/settings/headers": "X-A: 1"},
            {"providers/0/settings/headers": ["X-A: 1", "X-B: 2"]},
            {"providers/0/settings/organization": 123},
            {"providers/0/settings/service": None, "providers/0/annotations": {"a.io/b": {"setting": "service"}}},
            {"providers/0/annotations/a": {"setting": "apiHost", "oneOf": ["a.example.com"]}},
            {"providers/0/tls": {"caFile": "/a", "caMode": "replace"}},
            {"providers/0/tls": {"clientCertificateFile": "/a", "clientKeyFile": "/b"}},
            {"providers/0/module": "static-token", "providers/0/identity": "none", "providers/0/audience": None,
             "providers/0/settings": {"username": "x", "passwordFile": "/a"}},
            {"providers/0/module": "static-token", "providers/0/identity": "none", "providers/0/audience": None,
             "providers/0/settings": {"credentialFile": "/a"}},
            {"providers/0/module": "static-token", "providers/0/settings": {"passwordFile": "/a"},
             "providers/0/annotations": {"a": {"setting": "username", "oneOf": ["x"]}}},
            {"providers/0/settings/apiHost": "a_b.example.com:8443"},
            {"providers/0/settings/apiHost": "[::1]:8443"},
        ):
            with self.subTest(changes):
                self.validator.validate(with_changes(changes))

    def test_refuses_what_the_reader_refuses(self):
        for changes in (
            {"apiVersion": "v1"},
            {"kind": None},
            {"providers": []},
            {"unknown": 1},
            {"deadline": "10"},
            {"deadline": ""},
            {"deadline": 10},
            {"logLevel": "WARN"},
            {"providers/0/unknown": 1},
            {"providers/0/name": "Acme"},
            {"providers/0/name": None},
            {"providers/0/module": "cloudsmit"},
            {"providers/0/module": "./x.so"},
            {"providers/0/matchImages": []},
            {"providers/0/matchImages": "docker.cloudsmith.io"},
            {"providers/0/matchImages": [""]},
            {"providers/0/audience": None},
            {"providers/0/identity": "none"},
            {"providers/0/identity": "none", "providers/0/audience": None},
            {"providers/0/module": "static-token", "providers/0/identity": "none", "providers/0/settings": {}},
            {"providers/0/module": "static-token", "providers/0/identity": "none", "providers/0/settings": {},
             "providers/0/audience": None, "providers/0/allow": [{"namespace": "a"}]},
            {"providers/0/allow": []},
            {"providers/0/allow": [{}]},
            {"providers/0/allow": [{"serviceAccount": "ci"}]},
            {"providers/0/allow": [{"namespace": "Team"}]},
            {"providers/0/module": "static-token", "providers/0/settings": {}},
            {"providers/0/module": "static-token", "providers/0/settings": None},
            {"providers/0/module": "static-token", "providers/0/settings": {"passwordFile": "/a"}},
            {"providers/0/module": "static-token", "providers/0/settings": {"username": "x"}},
            {"providers/0/module": "static-token", "providers/0/settings": {"passwordFile": "/a", "credentialFile": "/b"},
             "providers/0/annotations": {"a": {"setting": "username", "oneOf": ["x"]}}},
            {"providers/0/module": "static-token",
             "providers/0/settings": {"passwordFile": "/a", "username": "x", "usernameFile": "/b"}},
            {"providers/0/module": "/usr/lib/rcb/x.so", "providers/0/settings": {"map": {}}},
            {"providers/0/module": "/usr/lib/rcb/x.so", "providers/0/settings": {"map": {"a": {"b": "c"}}}},
            {"providers/0/settings/organization": {"a": "b"}},
            {"providers/0/settings/apiHost": "https://a.example.com"},
            {"providers/0/settings/apiHost": "a.example.com/"},
            {"providers/0/settings/apiHost": "user@a.example.com"},
            {"providers/0/settings/organisation": "acme"},
            {"providers/0/settings/organization": "acme/x"},
            {"providers/0/settings/organization": ["acme"]},
            {"providers/0/settings/service": None},
            {"providers/0/settings": None},
            {"providers/0/annotations": {"a//b": {"setting": "service"}}},
            {"providers/0/annotations": {"a": {"oneOf": ["x"]}}},
            {"providers/0/annotations": {"a": {"setting": "headers"}}},
            {"providers/0/annotations": {"a": {"setting": "service", "oneOf": []}}},
            {"providers/0/tls": {"caMode": "replace"}},
            {"providers/0/tls": {"caFile": "ca.pem"}},
            {"providers/0/tls": {"clientKeyFile": "/a"}},
            {"providers/0/tls": {"insecureSkipVerify": True}},
            {"providers/0/maxCacheDuration": "forever"},
        ):
            with self.subTest(changes):
                self.assertFalse(self.validator.is_valid(with_changes(changes)))


if __name__ == "__main__":
    if not COMMAND:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
