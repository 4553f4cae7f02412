{{/* The image as pods name it. */}}
{{- define "rcb.image" -}}
{{- $image := .Values.image -}}
{{- $tag := $image.tag -}}
{{- if and (not $tag) (not $image.digest) }}{{ $tag = .Chart.AppVersion }}{{ end -}}
{{ $image.repository }}{{ with $tag }}:{{ . }}{{ end }}{{ with $image.digest }}@{{ . }}{{ end }}
{{- end }}

{{- define "rcb.labels" -}}
app.kubernetes.io/name: registry-credential-broker
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/*
The ConfigMap of the broker file. A content of its own has a name of its own: so a change is a change of the DaemonSet, which goes from node to node
and stops where a node does not become ready.
*/}}
{{- define "rcb.configMap" -}}
{{- if .Values.broker.existingConfigMap -}}
{{ .Values.broker.existingConfigMap }}
{{- else -}}
{{ .Release.Name }}-{{ .Values.broker.config | sha256sum | trunc 10 }}
{{- end -}}
{{- end }}

{{/* The arguments that `install` and its check share. */}}
{{- define "rcb.arguments" -}}
- --root
- /host
- --config
- /config/config.yaml
{{- if eq .Values.mode "files-only" }}
- --files-only
- --kubernetes
- {{ .Values.kubelet.version | quote }}
- --kubelet-config
- {{ .Values.kubelet.configPath }}
- --bin-dir
- {{ .Values.kubelet.binDir }}
{{- end }}
{{- end }}

{{- define "rcb.uninstall" -}}
- uninstall
- --root
- /host
{{- if include "rcb.filesOnly" . }}
- --files-only
{{- end }}
{{- end }}

{{/*
Whether the kubelet would send an image ("registry.example.com/tools/app", without tag) to a rule with a pattern; "true" or nothing.
Takes (dict "image" … "pattern" …).
*/}}
{{- define "rcb.matches" -}}
{{- $image := .image -}}
{{- $first := first (splitList "/" $image) -}}
{{- $named := or (contains "." $first) (contains ":" $first) (eq $first "localhost") (ne $first (lower $first)) -}}
{{- if or (eq $first $image) (not $named) }}{{ $image = printf "docker.io/%s" $image }}{{ end -}}
{{- $image = regexReplaceAll "^index\\.docker\\.io/" $image "docker.io/" -}}
{{- $image = regexReplaceAll "^docker\\.io/([^/]+)$" $image "docker.io/library/${1}" -}}
{{- $host := first (splitList "/" $image) -}}
{{- $path := trimPrefix $host $image -}}
{{- $patternHost := first (splitList "/" .pattern) -}}
{{- $expression := printf "^%s$" (regexQuoteMeta $patternHost | replace "\\*" "[^.:]*") -}}
{{- if and (regexMatch $expression $host) (hasPrefix (trimPrefix $patternHost .pattern) $path) }}true{{ end -}}
{{- end }}

{{/* Whether the kubelet is left alone. Uninstalling does what installing did: the kubelet's paths are given where it was mode files-only. */}}
{{- define "rcb.filesOnly" -}}
{{- if or (eq .Values.mode "files-only") (and (eq .Values.mode "uninstall") .Values.kubelet.configPath) }}true{{ end -}}
{{- end }}

{{/* The folders of the node that are written, without duplicates: {"folders": […]}. A file of the kubelet is known by its ending. */}}
{{- define "rcb.folders" -}}
{{- $provider := .Values.kubelet.configPath -}}
{{- if regexMatch "\\.(ya?ml|json)$" $provider }}{{ $provider = dir $provider }}{{ end -}}
{{- dict "folders" (list "/etc/registry-credential-broker" "/var/lib/registry-credential-broker" .Values.kubelet.binDir $provider | uniq) | toJson -}}
{{- end }}

{{/* What every container has in common. */}}
{{- define "rcb.container" -}}
image: {{ include "rcb.image" . | quote }}
imagePullPolicy: IfNotPresent
command: [/registry-credential-broker]
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
    # To make /host its root folder, so that paths, links and programs (systemctl) are the node's.
    add: [SYS_CHROOT]
resources:
  {{- toYaml .Values.resources | nindent 2 }}
volumeMounts:
{{- if include "rcb.filesOnly" . }}
{{- range $index, $folder := (include "rcb.folders" . | fromJson).folders }}
- name: folder-{{ $index }}
  mountPath: /host{{ $folder }}
{{- end }}
{{- else }}
- name: node
  mountPath: /host
  # What the node unmounts is unmounted here too, so that this pod never keeps another pod's volume busy.
  mountPropagation: HostToContainer
{{- end }}
{{- if ne .Values.mode "uninstall" }}
- name: broker-file
  mountPath: /config
  readOnly: true
{{- end }}
{{- end }}
