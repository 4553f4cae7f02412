package conformance

// What the tests act on: the kubelet's plugin code with the program registered, and a Cloudsmith beside it.

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/plugin"
)

const brokerFile = `apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
providers:
- name: cloudsmith
  module: cloudsmith
  matchImages: ["docker.cloudsmith.io", "ports.test:5000"]
  audience: cloudsmith
  settings: {organization: acme, service: kubelet-puller, apiHost: "EXCHANGE"}
  tls: {caFile: FOLDER/ca.pem}
  annotations:
    cloudsmith.io/org-slug: {setting: organization, oneOf: [acme, globex]}
    cloudsmith.io/service-slug: {setting: service}
- name: own
  module: passthrough
  matchImages: ["token.test", "echo.test"]
  audience: registry.test
  settings: {username: kubelet}
- name: mirror
  module: static-token
  matchImages: ["*.mirror.test"]
  identity: none
  settings: {username: pull, passwordFile: FOLDER/mirror-password}
- name: all
  module: static-token
  matchImages: ["paths.test"]
  identity: none
  settings: {username: all, passwordFile: FOLDER/mirror-password}
- name: team
  module: static-token
  matchImages: ["paths.test/team"]
  identity: none
  settings: {username: team, passwordFile: FOLDER/mirror-password}
`

// Besides the sample's entry, which is registered as it is.
const moreEntries = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: ports
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["ports.test:5000"]
  defaultCacheDuration: 0s
  tokenAttributes: {serviceAccountTokenAudience: cloudsmith, cacheType: ServiceAccount, requireServiceAccount: true}
- name: token
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["token.test"]
  defaultCacheDuration: 0s
  tokenAttributes: {serviceAccountTokenAudience: registry.test, cacheType: Token, requireServiceAccount: true}
- name: echo
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["echo.test"]
  defaultCacheDuration: 0s
  tokenAttributes: {serviceAccountTokenAudience: registry.test, cacheType: ServiceAccount, requireServiceAccount: true}
- name: mirror
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["*.mirror.test"]
  defaultCacheDuration: 0s
- name: paths-v1beta1
  apiVersion: credentialprovider.kubelet.k8s.io/v1beta1
  matchImages: ["paths.test"]
  defaultCacheDuration: 0s
`

// Each entry's program: counts its runs, then is the broker.
const countedProgram = `#!/bin/sh
echo run >> "FOLDER/runs-$(basename "$0")"
exec "PROGRAM" --config "FOLDER/broker.yaml"
`

const podUID = "3c9a1f52-7b1e-4d0c-9f6a-0d5f2f7f5a11"

// The programs that the entries of config/samples/kubelet name.
var namesOfSamples = []string{broker, broker + "-registry.test", broker + "-mirror"}

var (
	folder      string
	annotations = map[string]map[string]string{} // by "namespace/name"
	// Kubernetes 1.33, where entries have no cacheType yet.
	before134 = strings.HasPrefix(os.Getenv("RCB_KUBERNETES"), "1.33.")
)

func TestMain(m *testing.M) {
	loadIfTold()
	status, err := withStage(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func withStage(run func() int) (status int, err error) {
	if folder, err = os.MkdirTemp("", "rcb-conformance"); err != nil {
		return
	}
	defer os.RemoveAll(folder)
	world := exec.Command(os.Getenv("RCB_WORLD"), "serve", "--folder", folder)
	world.Stdout, world.Stderr = os.Stdout, os.Stderr
	if err = world.Start(); err != nil {
		return
	}
	defer func() {
		_ = world.Process.Signal(os.Interrupt)
		_ = world.Wait()
	}()
	endpoints, err := awaitEndpoints()
	if err != nil {
		return
	}

	writeFile("mirror-password", "a-standing-password", 0o600)
	writeFile("broker.yaml", strings.ReplaceAll(brokerFile, "EXCHANGE", endpoints["exchange"]), 0o644)
	for _, name := range append([]string{"ports", "token", "echo", "mirror", "paths-v1beta1"}, namesOfSamples...) {
		writeFile(name, strings.ReplaceAll(countedProgram, "PROGRAM", os.Getenv("RCB_PROGRAM")), 0o755)
	}
	if err = setGate("true"); err != nil {
		return
	}
	if err = register(sample(before134)); err != nil {
		return
	}
	entries := moreEntries
	if before134 {
		entries = strings.NewReplacer("cacheType: ServiceAccount, ", "", "cacheType: Token, ", "").Replace(entries)
	}
	if err = register(writeFile("more-entries.yaml", entries, 0o644)); err != nil {
		return
	}
	return run(), nil
}

func awaitEndpoints() (map[string]string, error) {
	var endpoints map[string]string
	for try := 0; try < 500; try++ {
		if _, err := os.Stat(filepath.Join(folder, "ready")); err == nil {
			text, err := os.ReadFile(filepath.Join(folder, "endpoints.json"))
			if err != nil {
				return nil, err
			}
			return endpoints, json.Unmarshal(text, &endpoints)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, fmt.Errorf("the world of tests/support did not come up")
}

func writeFile(name, text string, mode os.FileMode) string {
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "FOLDER", folder)), mode); err != nil {
		panic(err)
	}
	return path
}

// The CredentialProviderConfig that we publish for 1.33, or for later versions.
func sample(for133 bool) string {
	name := "credential-provider-config.yaml"
	if for133 {
		name = "credential-provider-config-1.33.yaml"
	}
	return published(name)
}

// A file of config/samples/kubelet.
func published(name string) string {
	return filepath.Join(os.Getenv("RCB_SAMPLES"), name)
}

func setGate(value string) error {
	return utilfeature.DefaultMutableFeatureGate.Set("KubeletServiceAccountTokenForCredentialProviders=" + value)
}

func register(file string) error {
	return plugin.RegisterCredentialProviderPlugins(file, folder, serviceAccountToken, serviceAccount)
}

// What the API server answers the kubelet.
func serviceAccountToken(
	namespace, name string, request *authenticationv1.TokenRequest,
) (*authenticationv1.TokenRequest, error) {
	token, err := exec.Command(os.Getenv("RCB_WORLD"), "token", "--folder", folder, "--namespace", namespace,
		"--service-account", name, "--audience", request.Spec.Audiences[0]).Output()
	answer := request.DeepCopy()
	answer.Status.Token = strings.TrimSpace(string(token))
	return answer, err
}

func serviceAccount(namespace, name string) (*v1.ServiceAccount, error) {
	key := namespace + "/" + name
	return &v1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{
		Namespace: namespace, Name: name, UID: types.UID("uid of " + key), Annotations: annotations[key]}}, nil
}

// What the kubelet would try, in this order, to pull the image for a pod of this account.
func lookUp(namespace, account, image string) []credentialprovider.TrackedAuthConfig {
	found, _ := plugin.NewExternalCredentialProviderDockerKeyring(namespace, "app", podUID, account).Lookup(image)
	return found
}

func mustFindOne(t *testing.T, namespace, account, image string) credentialprovider.TrackedAuthConfig {
	t.Helper()
	found := lookUp(namespace, account, image)
	if len(found) != 1 {
		t.Fatalf("%d credentials for %s, want one", len(found), image)
	}
	return found[0]
}

// How often the kubelet has run an entry's program.
func runs(entry string) int {
	text, _ := os.ReadFile(filepath.Join(folder, "runs-"+entry))
	return strings.Count(string(text), "\n")
}
