package conformance

// What the kubelet makes of the answers for registries of the clouds and of a company's own token service: the entries are those of
// config/samples/kubelet/several-clouds.yaml.

import "testing"

const (
	ecr     = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
	pkgDev  = "europe-west3-docker.pkg.dev"
	acr     = "contoso.azurecr.io"
	inHouse = "in-house.test"
)

func TestEachRegistryIsAnsweredForItsOwnAudience(t *testing.T) {
	users := map[string]string{
		ecr + "/team/app":                "AWS",
		pkgDev + "/acme-images/prod/app": "oauth2accesstoken",
		"eu.gcr.io/acme-images/app":      "oauth2accesstoken",
		acr + "/app":                     "00000000-0000-0000-0000-000000000000",
		inHouse + "/app":                 "ci-team-a",
	}
	for image, user := range users {
		found := mustFindOne(t, "team-a", "puller", image)
		if found.Username != user || len(found.Password) < 40 {
			t.Errorf("%s: user %q with a password of %d characters", image, found.Username, len(found.Password))
		}
	}
}

func TestCredentialOfACloudIsKeptForItsRegistry(t *testing.T) {
	entries := map[string]string{ecr: broker + "-ecr", pkgDev: broker + "-gar", acr: broker + "-acr", inHouse: "in-house"}
	for registry, entry := range entries {
		first := mustFindOne(t, "team-a", "puller", registry+"/acme-images/one")
		before := runs(entry)
		second := mustFindOne(t, "team-a", "puller", registry+"/acme-images/two")
		if runs(entry) != before || first.Password != second.Password {
			t.Errorf("%s: run %d times more for the same account", registry, runs(entry)-before)
		}
	}
	here := mustFindOne(t, "team-a", "puller", ecr+"/app")
	elsewhere := mustFindOne(t, "team-a", "puller", "111122223333.dkr.ecr.eu-central-1.amazonaws.com/app")
	if here.Password == elsewhere.Password {
		t.Error("two regions share a credential")
	}
}

func TestRefusalByACloudIsNoCredential(t *testing.T) {
	for _, image := range []string{ecr + "/app", pkgDev + "/acme-images/app", acr + "/app", inHouse + "/app"} {
		if found := lookUp("outsiders", "puller", image); len(found) != 0 {
			t.Errorf("%d credentials of %s for an account that is refused", len(found), image)
		}
	}
}

func TestAnnotationsChooseTheIdentityInACloud(t *testing.T) {
	key := "iam.gke.io/gcp-service-account"
	annotations["team-g/puller"] = map[string]string{key: "puller@acme-images.iam.gserviceaccount.com"}
	mustFindOne(t, "team-g", "puller", pkgDev+"/acme-images/app")

	annotations["team-g/sly"] = map[string]string{key: "owner@acme-images.iam.gserviceaccount.com"}
	if found := lookUp("team-g", "sly", pkgDev+"/acme-images/app"); len(found) != 0 {
		t.Error("an annotation chose what the file does not list")
	}
}

func TestLookAlikesOfACloudAreNotAnswered(t *testing.T) {
	images := []string{
		ecr + ".evil.test/app", "evil-" + ecr + "/app", "444455556666.dkr.ecr.us-west-2.amazonaws.com/app",
		"evil.test/" + acr + "/app", "a.b.azurecr.io/app", "contoso.azurecr.io.evil.test/app", "eu.gcr.io/others/app",
	}
	for _, image := range images {
		if found := lookUp("team-a", "puller", image); len(found) != 0 {
			t.Errorf("there is a credential for %s", image)
		}
	}
}
