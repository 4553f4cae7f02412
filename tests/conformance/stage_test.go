package conformance

// What the tests act on: the kubelet's plugin code with the program registered, and beside it what issues credentials: Cloudsmith, the
// clouds and a token service.

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
- name: in-house
  module: token-exchange
  matchImages: ["in-house.test"]
  audience: login.test
  settings: {url: "https://EXCHANGE/oauth/token", parameters: {scope: "pull:{namespace}"}, username: ci-team-a}
  tls: {caFile: FOLDER/ca.pem}
- name: ecr
  module: ecr
  matchImages: ["111122223333.dkr.ecr.us-west-2.amazonaws.com", "111122223333.dkr.ecr.eu-central-1.amazonaws.com"]
  audience: sts.amazonaws.com
  settings: {roleArn: "arn:aws:iam::111122223333:role/pull"}
  tls: {caFile: FOLDER/ca.pem}
- name: gar
  module: gar
  matchImages: ["*-docker.pkg.dev", "*.gcr.io/acme-images"]
  audience: https:GOOGLE_PROVIDER
  settings: {stsAudience: GOOGLE_PROVIDER}
  tls: {caFile: FOLDER/ca.pem}
  annotations:
    iam.gke.io/gcp-service-account: {setting: serviceAccount, oneOf: [puller@acme-images.iam.gserviceaccount.com]}
- name: acr
  module: acr
  matchImages: ["*.azurecr.io"]
  audience: api://AzureADTokenExchange
  settings: {tenantId: 11111111-2222-3333-4444-555555555555, clientId: aaaaaaaa-0000-0000-0000-000000000001}
  tls: {caFile: FOLDER/ca.pem}
`

// Besides the samples' entries, which are registered as they are.
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
- name: in-house
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["in-house.test"]
  defaultCacheDuration: 0s
  tokenAttributes: {serviceAccountTokenAudience: login.test, cacheType: ServiceAccount, requireServiceAccount: true}
- name: mirror
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["*.mirror.test"]
  defaultCacheDuration: 0s
- name: paths-v1beta1
  apiVersion: credentialprovider.kubelet.k8s.io/v1beta1
  matchImages: ["paths.test"]
  defaultCacheDuration: 0s
`

// Each entry's program: counts its runs, then is the broker. The hosts of the clouds are behind the proxy.
const countedProgram = `#!/bin/sh
echo run >> "FOLDER/runs-$(basename "$0")"
HTTPS_PROXY="http://TUNNELS" NO_PROXY=127.0.0.1 exec "PROGRAM" --config "FOLDER/broker.yaml"
`

const podUID = "3c9a1f52-7b1e-4d0c-9f6a-0d5f2f7f5a11"

// The programs that the entries of config/samples/kubelet name.
var namesOfSamples = []string{
	broker, broker + "-registry.test", broker + "-mirror", broker + "-ecr", broker + "-gar", broker + "-acr",
}

// As the test servers know the provider that the samples call prod.
const googleProvider = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/clusters/providers/test"

// The hosts that issue the credentials of the clouds.
var cloudHosts = []string{
	"sts.us-west-2.amazonaws.com", "api.ecr.us-west-2.amazonaws.com",
	"sts.eu-central-1.amazonaws.com", "api.ecr.eu-central-1.amazonaws.com",
	"sts.googleapis.com", "iamcredentials.googleapis.com", "login.microsoftonline.com", "contoso.azurecr.io",
}

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
	for _, host := range cloudHosts {
		world.Args = append(world.Args, "--host-name="+host)
	}
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

	tunnels, err := startProxy(endpoints["exchange"])
	if err != nil {
		return
	}

	writeFile("mirror-password", "a-standing-password", 0o600)
	brokerText := strings.NewReplacer("EXCHANGE", endpoints["exchange"], "GOOGLE_PROVIDER", googleProvider).Replace(brokerFile)
	writeFile("broker.yaml", brokerText, 0o644)
	program := strings.NewReplacer("PROGRAM", os.Getenv("RCB_PROGRAM"), "TUNNELS", tunnels).Replace(countedProgram)
	for _, name := range append([]string{"ports", "token", "echo", "in-house", "mirror", "paths-v1beta1"}, namesOfSamples...) {
		writeFile(name, program, 0o755)
	}
	if err = setGate("true"); err != nil {
		return
	}
	if err = register(sample(before134)); err != nil {
		return
	}
	clouds, err := os.ReadFile(published("several-clouds.yaml"))
	if err != nil {
		return
	}
	cloudEntries := strings.ReplaceAll(string(clouds), "providers/prod", "providers/test")
	for name, entries := range map[string]string{"more-entries.yaml": moreEntries, "several-clouds.yaml": cloudEntries} {
		if before134 {
			entries = regexp.MustCompile(`(?m)^ *cacheType: \w+\n|cacheType: \w+, `).ReplaceAllString(entries, "")
		}
		if err = register(writeFile(name, entries, 0o644)); err != nil {
			return
		}
	}
	return run(), nil
}

// A proxy whose tunnels all end at one server.
func startProxy(server string) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	go func() {
		_ = http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
			there, err := net.Dial("tcp", server)
			if err != nil {
				http.Error(answer, err.Error(), http.StatusBadGateway)
				return
			}
			defer there.Close()
			here, sent, err := http.NewResponseController(answer).Hijack()
			if err != nil {
				return
			}
			defer here.Close()
			_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
			go func() { _, _ = io.Copy(there, sent) }()
			_, _ = io.Copy(here, there)
		}))
	}()
	return listener.Addr().String(), nil
}

func awaitEndpoints() (map[string]string, error) {
	var endpoints map[string]string
	for try := 0; try < 3000; try++ {
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
