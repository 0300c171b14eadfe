{{/* Pieces that several objects of this chart share. Arguments: the chart's root, or a dict with `root`. */}}

{{- define "labels" -}}
linkerd.io/extension: multicluster
{{- with .component }}
component: {{ . }}
{{- end }}
{{- with .link }}
mirror.linkerd.io/cluster-name: {{ . }}
{{- end }}
{{- with .app }}
app: {{ . }}
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

{{/* Apart on hosts, and if possible on zones. Arguments: key, value, spread, node (node affinity). */}}
{{- define "affinity" -}}
{{- if or .spread .node }}
affinity:
  {{- if .spread }}
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector: &replicas
          matchExpressions: [{key: {{ .key }}, operator: In, values: [{{ .value | quote }}]}]
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: topology.kubernetes.io/zone
          labelSelector: *replicas
  {{- end }}
  {{- with .node }}
  nodeAffinity: {{ toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "container-security" -}}
securityContext:
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: {{ .UID }}
  runAsGroup: {{ .GID }}
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* A pod whose token is mounted by hand, as Linkerd's pods do it. */}}
{{- define "token-volume" -}}
- name: kube-api-access
  projected:
    defaultMode: 420
    sources:
      - serviceAccountToken: {path: token, expirationSeconds: 3607}
      - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}

{{- define "token-mount" -}}
volumeMounts:
  - {name: kube-api-access, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- end }}
