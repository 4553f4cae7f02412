package conformance

// What a kubelet that starts makes of the files in config/samples/kubelet. A process registers each name once, so each load is
// one of its own: this program again, told by these variables what to load.

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const (
	fileToLoad  = "RCB_LOAD"
	gateForLoad = "RCB_LOAD_GATE"
	foldersOf   = "RCB_LOAD_FOLDER"
)

// If this process is there to load a file: loads it, says what is wrong with it, and ends.
func loadIfTold() {
	file := os.Getenv(fileToLoad)
	if file == "" {
		return
	}
	folder = os.Getenv(foldersOf)
	if gate := os.Getenv(gateForLoad); gate != "" {
		if err := setGate(gate); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	if err := register(file); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// What the kubelet says of the file when it starts; empty if it takes it.
func refusal(file, gate string) string {
	load := exec.Command(os.Args[0])
	load.Env = append(os.Environ(), fileToLoad+"="+file, gateForLoad+"="+gate, foldersOf+"="+folder)
	said, err := load.CombinedOutput()
	if err != nil && len(said) == 0 {
		return err.Error()
	}
	if err != nil {
		return string(said)
	}
	return ""
}

func mustRefuse(t *testing.T, said, reason string) {
	t.Helper()
	if !strings.Contains(said, reason) {
		t.Errorf("not refused for %q, but: %q", reason, said)
	}
}

func TestSampleIsTaken(t *testing.T) {
	gate := "" // on by itself since 1.34
	if before134 {
		gate = "true"
	}
	if said := refusal(sample(before134), gate); said != "" {
		t.Error(said)
	}
	for _, file := range []string{"several-audiences.yaml", "several-clouds.yaml", "artifact-registry.yaml"} {
		said := refusal(published(file), gate)
		if before134 {
			mustRefuse(t, said, `unknown field "providers[0].tokenAttributes.cacheType"`)
		} else if said != "" {
			t.Errorf("%s: %s", file, said)
		}
	}
}

func TestSampleOfAnotherVersionIsRefused(t *testing.T) {
	if before134 {
		mustRefuse(t, refusal(sample(false), "true"), `unknown field "providers[0].tokenAttributes.cacheType"`)
	} else {
		mustRefuse(t, refusal(sample(true), ""), "cacheType: Required value")
	}
}

func TestSampleNeedsTheFeature(t *testing.T) {
	mustRefuse(t, refusal(sample(before134), "false"), "KubeletServiceAccountTokenForCredentialProviders feature gate is disabled")
}
