{{/* Pieces that several objects of this chart share. */}}

{{- define "labels" -}}
linkerd.io/cni-resource: "true"
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "created-by" -}}
linkerd.io/created-by: {{ .Values.cliVersion | default (printf "linkerd/helm %s" .Values.image.version) }}
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

{{/* "1,2" as "1","2". */}}
{{- define "quoted-ports" -}}
{{- range $index, $port := splitList "," (toString .) }}{{ if $index }},{{ end }}{{ trim $port | quote }}{{ end }}
{{- end }}
