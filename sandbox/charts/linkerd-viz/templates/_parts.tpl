{{/* Pieces that several objects of this chart share. */}}

{{/* Arguments: root, component (may be empty), named (also labelled with the namespace). */}}
{{- define "labels" -}}
linkerd.io/extension: viz
{{- with .component }}
component: {{ . }}
{{- end }}
{{- if .named }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "created-by" -}}
linkerd.io/created-by: {{ .Values.cliVersion | default (printf "linkerd/helm %s" .Values.linkerdVersion) }}
{{- end }}

{{- define "pull-secrets" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Linkerd's form of resources (cpu.limit) as Kubernetes' (limits.cpu). */}}
{{- define "resources" -}}
{{- $limits := dict }}
{{- $requests := dict }}
{{- range $what := list "cpu" "memory" "ephemeral-storage" }}
{{- with index $ $what }}
{{- with .limit }}{{ $_ := set $limits $what (toString .) }}{{ end }}
{{- with .request }}{{ $_ := set $requests $what (toString .) }}{{ end }}
{{- end }}
{{- end }}
resources:
  limits: {{ toJson $limits }}
  requests: {{ toJson $requests }}
{{- end }}

{{/* What the injector would read to size the proxy of a pod. */}}
{{- define "proxy-annotations" -}}
{{- range $what := list "cpu" "memory" }}
{{- with index ($ | default dict) $what }}
{{- with .request }}
config.linkerd.io/proxy-{{ $what }}-request: {{ . | quote }}
{{- end }}
{{- with .limit }}
config.linkerd.io/proxy-{{ $what }}-limit: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "affinity" -}}
{{- if or .root.Values.enablePodAntiAffinity .root.Values.nodeAffinity }}
affinity:
  {{- if .root.Values.enablePodAntiAffinity }}
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector: &replicas
          matchExpressions: [{key: component, operator: In, values: [{{ .component }}]}]
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: topology.kubernetes.io/zone
          labelSelector: *replicas
  {{- end }}
  {{- with .root.Values.nodeAffinity }}
  nodeAffinity: {{ toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
