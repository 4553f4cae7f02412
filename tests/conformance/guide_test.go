package conformance

// What docs/operations.md says of the kubelet's own log and metrics.

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"k8s.io/component-base/metrics/legacyregistry"
	"k8s.io/klog/v2"
)

func guide(t *testing.T) string {
	text, err := os.ReadFile(os.Getenv("RCB_GUIDE"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The block of the guide behind a line <!-- kubelet: 1.33 1.34 --> that names this version.
func blockForThisVersion(t *testing.T) string {
	version := regexp.MustCompile(`^\d+\.\d+`).FindString(os.Getenv("RCB_KUBERNETES"))
	for _, block := range regexp.MustCompile("(?s)<!-- kubelet: ([0-9. ]+) -->\n```\n(.*?)```").FindAllStringSubmatch(guide(t), -1) {
		for _, named := range strings.Fields(block[1]) {
			if named == version {
				return block[2]
			}
		}
	}
	t.Fatalf("the guide shows no line of a kubelet %s", version)
	return ""
}

func TestLogOfTheKubeletIsAsTheGuideShowsIt(t *testing.T) {
	var log bytes.Buffer
	klog.LogToStderr(false)
	klog.SetOutput(&log)
	lookUp("outsiders", "puller", app)
	klog.Flush()
	klog.LogToStderr(true)

	// Except time, process, source line and the address of the exchange.
	shown := regexp.QuoteMeta(blockForThisVersion(t))
	shown = regexp.MustCompile(`^E.*?\\\] `).ReplaceAllLiteralString(shown, `^E\d{4} [\d:.]+ +\d+ plugin\.go:\d+\] `)
	shown = strings.ReplaceAll(shown, regexp.QuoteMeta("host=api.cloudsmith.io"), "host=[^,]+")
	if !regexp.MustCompile(shown).MatchString(log.String()) {
		t.Errorf("the guide shows\n%s\nthe kubelet says\n%s", blockForThisVersion(t), log.String())
	}
}

func TestMetricsOfTheKubeletAreThoseOfTheGuide(t *testing.T) {
	lookUp("outsiders", "puller", app) // counts as an error
	families, err := legacyregistry.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, family := range families {
		if !strings.Contains(family.GetName(), "credential_provider") {
			continue
		}
		found++
		var labels []string
		for _, label := range family.GetMetric()[0].GetLabel() {
			labels = append(labels, label.GetName())
		}
		if name := "`" + family.GetName() + "{" + strings.Join(labels, ",") + "}`"; !strings.Contains(guide(t), name) {
			t.Errorf("the guide does not know %s", name)
		}
	}
	if found < 2 {
		t.Errorf("%d metrics", found)
	}
}
