{{/* What the schema cannot say about values. Each message says what to change. */}}
{{- define "rcb.check" -}}
{{- $writes := has .Values.mode (list "install" "files-only") -}}
{{- $broker := .Values.broker -}}
{{- if and (ne .Values.mode "rbac-only") (not .Values.image.repository) -}}
  {{- fail "image.repository is empty; name the image in your registry, as docs/install.md says how to push it" -}}
{{- end -}}
{{- if and $broker.config $broker.existingConfigMap -}}
  {{- fail "both broker.config and broker.existingConfigMap are set; set one of them" -}}
{{- end -}}
{{- if and $writes (not $broker.config) (not $broker.existingConfigMap) -}}
  {{- fail (printf "mode %s needs the broker file; add --set-file broker.config=config.yaml, or name its ConfigMap in broker.existingConfigMap" .Values.mode) -}}
{{- end -}}
{{- range $name, $value := .Values.kubelet -}}
  {{- if and (eq $.Values.mode "files-only") (not $value) -}}
    {{- fail (printf "mode files-only needs kubelet.%s, because it cannot see the kubelet; docs/deploy.md says where to find it" $name) -}}
  {{- else if and (eq $.Values.mode "install") $value -}}
    {{- fail (printf "kubelet.%s is set, but mode install reads it from the running kubelet; remove it, or use mode files-only" $name) -}}
  {{- end -}}
{{- end -}}
{{- if $broker.config -}}
  {{- include "rcb.checkBrokerFile" (dict "root" . "file" (fromYaml $broker.config)) -}}
{{- else if and $broker.existingConfigMap $writes -}}
  {{- with lookup "v1" "ConfigMap" .Release.Namespace $broker.existingConfigMap -}}
    {{- if not (index (.data | default dict) "config.yaml") -}}
      {{- fail (printf "the ConfigMap %s has no key config.yaml; create it with --from-file=config.yaml" $broker.existingConfigMap) -}}
    {{- end -}}
    {{- include "rcb.checkBrokerFile" (dict "root" $ "file" (fromYaml (index .data "config.yaml"))) -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* The broker file against the other values. Whether it is valid in itself says the program, before it writes anything. */}}
{{- define "rcb.checkBrokerFile" -}}
{{- $values := .root.Values -}}
{{- if hasKey .file "Error" -}}
  {{- fail (printf "the broker file is not valid YAML: %s" .file.Error) -}}
{{- end -}}
{{- if ne (toString .file.kind) "BrokerConfig" -}}
  {{- fail (printf "the broker file has the kind %s instead of BrokerConfig; take the file that `registry-credential-broker validate` accepts" (toString .file.kind)) -}}
{{- end -}}
{{- $audiences := list -}}
{{- range .file.providers -}}
  {{- $rule := . -}}
  {{- with .audience }}{{ $audiences = append $audiences . }}{{ end -}}
  {{- if and (ne $values.mode "rbac-only") (ne $values.mode "uninstall") (not $values.imagePullSecrets) -}}
    {{- range .matchImages -}}
      {{- if include "rcb.matches" (dict "image" $values.image.repository "pattern" .) -}}
        {{- fail (printf "the image %s matches %s of rule %s: nodes would need the broker to pull the broker; push the image to another registry, or set imagePullSecrets" $values.image.repository . $rule.name) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $wanted := $audiences | uniq | sortAlpha -}}
{{- $given := $values.audiences | sortAlpha -}}
{{- if ne (toJson $wanted) (toJson $given) -}}
  {{- fail (printf "audiences are %s, but those of the broker file are %s; set audiences to the latter" (toJson $given) (toJson $wanted)) -}}
{{- end -}}
{{- end }}
