// Command loader says what a kubelet that starts makes of its provider file, with the kubelet's own code. Built once for each version by
// tests/conformance/loaders.sh.
//
//	loader CONFIG FOLDER [GATE]   the words of a refusal on stdout and status 1, or nothing and status 0
//	loader < LINES                each line a JSON array [CONFIG, FOLDER, GATE]; prints for each a JSON string: the words, empty if the file is taken
//
// CONFIG and FOLDER are --image-credential-provider-config and --image-credential-provider-bin-dir. GATE, true or false, sets the feature gate
// KubeletServiceAccountTokenForCredentialProviders, which exists since 1.33; empty: the version's own default.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/pkg/credentialprovider/plugin"
)

// The function has taken other parameters at other times: the two paths always, and what gets tokens and accounts since 1.33.
func register(config, folder string) error {
	function := reflect.ValueOf(plugin.RegisterCredentialProviderPlugins)
	paths := []string{config, folder}
	arguments := make([]reflect.Value, function.Type().NumIn())
	for i := range arguments {
		kind := function.Type().In(i)
		switch {
		case kind.Kind() == reflect.String && len(paths) > 0:
			arguments[i] = reflect.ValueOf(paths[0])
			paths = paths[1:]
		case kind == reflect.TypeFor[context.Context]():
			arguments[i] = reflect.ValueOf(context.Background())
		default:
			arguments[i] = reflect.Zero(kind) // only pulls use it
		}
	}
	err, _ := function.Call(arguments)[0].Interface().(error)
	return err
}

func load(config, folder, gate string) error {
	if gate != "" {
		setting := "KubeletServiceAccountTokenForCredentialProviders=" + gate
		if err := utilfeature.DefaultMutableFeatureGate.Set(setting); err != nil {
			return err
		}
	}
	return register(config, folder)
}

// A process registers each name once, and old kubelets end the process if a name comes twice: so each file has a process of its own.
func ask(line string) string {
	var arguments []string
	if err := json.Unmarshal([]byte(line), &arguments); err != nil || len(arguments) < 2 || len(arguments) > 3 {
		return "loader: not an array of two or three strings: " + line
	}
	said, err := exec.Command("/proc/self/exe", arguments...).CombinedOutput()
	if err != nil && len(said) == 0 {
		return err.Error()
	}
	if err != nil {
		return strings.TrimSpace(string(said))
	}
	return ""
}

func askAll() {
	var answers []chan string
	slots := make(chan struct{}, runtime.NumCPU())
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		answer := make(chan string, 1)
		answers = append(answers, answer)
		slots <- struct{}{}
		go func(line string) {
			answer <- ask(line)
			<-slots
		}(lines.Text())
	}
	printed := json.NewEncoder(os.Stdout)
	printed.SetEscapeHTML(false)
	for _, answer := range answers {
		_ = printed.Encode(<-answer)
	}
}

func main() {
	if len(os.Args) == 1 {
		askAll()
		return
	}
	if len(os.Args) < 3 || len(os.Args) > 4 {
		fmt.Fprintln(os.Stderr, "usage: loader CONFIG FOLDER [true|false], or loader < LINES")
		os.Exit(64)
	}
	if err := load(os.Args[1], os.Args[2], strings.Join(os.Args[3:], "")); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
