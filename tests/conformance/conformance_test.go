// Package conformance tests the program's answers with the kubelet's own code.
package conformance

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

const (
	broker = "registry-credential-broker"
	app    = "docker.cloudsmith.io/acme/app"
)

func TestPodGetsOneCredential(t *testing.T) {
	found := mustFindOne(t, "team-a", "one", app)
	if found.Username != "token" || len(found.Password) < 100 {
		t.Errorf("user %q with a password of %d characters", found.Username, len(found.Password))
	}
}

func TestCredentialIsOfTheAccountAndKeptForTheRegistry(t *testing.T) {
	before := runs(broker)
	first := mustFindOne(t, "team-b", "one", app)
	again := mustFindOne(t, "team-b", "one", app)
	sibling := mustFindOne(t, "team-b", "one", "docker.cloudsmith.io/acme/another/app")
	if runs(broker) != before+1 {
		t.Errorf("run %d times, want once", runs(broker)-before)
	}
	if first.Password != again.Password || first.Password != sibling.Password {
		t.Error("one account has different credentials for one registry")
	}
	other := mustFindOne(t, "team-b", "two", app)
	if runs(broker) != before+2 || other.Password == first.Password {
		t.Error("two accounts share a credential")
	}
}

func TestCredentialIsForgottenBeforeItEnds(t *testing.T) {
	writeFile("policy.json", `{"tokenLife": "62s"}`, 0o600) // less the margin of a minute: two seconds
	defer os.Remove(filepath.Join(folder, "policy.json"))
	first := mustFindOne(t, "team-c", "one", app)
	time.Sleep(2500 * time.Millisecond)
	if second := mustFindOne(t, "team-c", "one", app); second.Password == first.Password {
		t.Error("the kubelet still has a credential that is about to end")
	}
}

func TestCredentialWithoutTimeLeftIsNotKept(t *testing.T) {
	writeFile("policy.json", `{"tokenLife": "50s"}`, 0o600)
	defer os.Remove(filepath.Join(folder, "policy.json"))
	before := runs(broker)
	mustFindOne(t, "team-c", "two", app)
	mustFindOne(t, "team-c", "two", app)
	if runs(broker) != before+2 {
		t.Errorf("run %d times, want twice", runs(broker)-before)
	}
}

func TestRefusalIsNoCredentialAndNotRemembered(t *testing.T) {
	before := runs(broker)
	for try := 1; try <= 2; try++ {
		if found := lookUp("outsiders", "one", app); len(found) != 0 {
			t.Errorf("%d credentials for an account that is refused", len(found))
		}
		if runs(broker) != before+try {
			t.Errorf("run %d times after %d lookups", runs(broker)-before, try)
		}
	}
}

func TestAnnotationsReachTheProgram(t *testing.T) {
	annotations["partner/puller"] = map[string]string{"cloudsmith.io/org-slug": "globex", "unrelated": "x"}
	mustFindOne(t, "partner", "puller", "docker.cloudsmith.io/globex/app")

	annotations["team-a/sly"] = map[string]string{"cloudsmith.io/org-slug": "initech"}
	if found := lookUp("team-a", "sly", app); len(found) != 0 {
		t.Error("an annotation chose what the file does not list")
	}
}

func TestPodWithoutAccountGetsNothing(t *testing.T) {
	before := runs(broker)
	if found := lookUp("team-a", "", app); len(found) != 0 || runs(broker) != before {
		t.Error("a static pod got a credential that needs an identity")
	}
}

func TestOtherRegistriesAreNotAnswered(t *testing.T) {
	images := []string{"quay.io/acme/app", "evil-docker.cloudsmith.io/acme/app", "docker.cloudsmith.io:444/acme/app"}
	for _, image := range images {
		before := runs(broker)
		if found := lookUp("team-a", "one", image); len(found) != 0 || runs(broker) != before {
			t.Errorf("there is a credential for %s", image)
		}
	}
}

func TestPortIsPartOfTheRegistry(t *testing.T) {
	mustFindOne(t, "team-d", "one", "ports.test:5000/acme/app")
	if found := lookUp("team-d", "one", "ports.test/acme/app"); len(found) != 0 {
		t.Error("the credential of ports.test:5000 is used for ports.test")
	}
}

func TestTokenOfThePodIsTakenAsPasswordForItsTokenOnly(t *testing.T) {
	found := mustFindOne(t, "team-e", "one", "token.test/app")
	if found.Username != "kubelet" || len(found.Password) < 100 {
		t.Errorf("user %q with a password of %d characters", found.Username, len(found.Password))
	}
	if before134 {
		return // that kubelet keeps answers by account alone; ours says when the token in it ends
	}
	before := runs("token")
	// The kubelet of this test gets a new token at every lookup.
	again := mustFindOne(t, "team-e", "one", "token.test/app")
	if again.Password == found.Password || runs("token") != before+1 {
		t.Error("an answer outlived the token that it was made for")
	}
}

func TestTokenOfThePodIsRefusedWhereTheEntryDoesNotAllowIt(t *testing.T) {
	if before134 {
		return // that kubelet has no such check
	}
	if found := lookUp("team-e", "two", "echo.test/app"); len(found) != 0 {
		t.Error("the kubelet passed the pod's token on without cacheType: Token")
	}
}

func TestStandingPasswordNeedsNoIdentity(t *testing.T) {
	before := runs("mirror")
	for _, account := range []string{"one", "two", ""} {
		if found := mustFindOne(t, "anywhere", account, "eu.mirror.test/app"); found.Password != "a-standing-password" {
			t.Error("another password came")
		}
	}
	if runs("mirror") != before+1 {
		t.Errorf("run %d times, want once for all", runs("mirror")-before)
	}
	// A wildcard matches many registries, but what came for one is not for another.
	mustFindOne(t, "anywhere", "one", "us.mirror.test/app")
	if runs("mirror") != before+2 {
		t.Error("one registry's credential was used for another")
	}
}

func TestPathsOfOneRegistryHaveCredentialsOfTheirOwn(t *testing.T) {
	for image, user := range map[string]string{"paths.test/team/app": "team", "paths.test/other/app": "all"} {
		if found := mustFindOne(t, "anywhere", "one", image); found.Username != user {
			t.Errorf("%s is pulled as %s, want %s", image, found.Username, user)
		}
	}
}
