{{/* Pieces that several objects of this chart share. */}}

{{/* Arguments: root, component (may be empty). */}}
{{- define "labels" -}}
{{- with .component -}}
linkerd.io/control-plane-component: {{ . }}
{{ end -}}
linkerd.io/control-plane-ns: {{ .root.Release.Namespace }}
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

{{- define "trust-domain" -}}
{{ .Values.identityTrustDomain | default .Values.clusterDomain }}
{{- end }}

{{- define "controller-image" -}}
image: {{ .Values.controllerImage }}:{{ .Values.controllerImageVersion | default .Values.linkerdVersion }}
imagePullPolicy: {{ .Values.imagePullPolicy }}
{{- end }}

{{- define "proxy-image" -}}
image: {{ .Values.proxy.image.name }}:{{ .Values.proxy.image.version | default .Values.linkerdVersion }}
imagePullPolicy: {{ .Values.proxy.image.pullPolicy | default .Values.imagePullPolicy }}
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

{{- define "affinity" -}}
{{- if or .root.Values.enablePodAntiAffinity .root.Values.nodeAffinity }}
affinity:
  {{- if .root.Values.enablePodAntiAffinity }}
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector: &replicas
          matchExpressions: [{key: linkerd.io/control-plane-component, operator: In, values: [{{ .component }}]}]
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

{{- define "container-security" -}}
securityContext:
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: {{ .Values.controllerUID }}
  {{- if ge (int .Values.controllerGID) 0 }}
  runAsGroup: {{ .Values.controllerGID }}
  {{- end }}
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "token-volume" -}}
- name: kube-api-access
  projected:
    defaultMode: 420
    sources:
      - serviceAccountToken: {path: token, expirationSeconds: 3607}
      - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}

{{- define "token-mount" -}}
{name: kube-api-access, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- end }}

{{/* The certificate of a webhook: given, or made anew at each rendering. Arguments: root, values, service, name, component. */}}
{{- define "webhook-secret" -}}
{{- $own := .values }}
{{- if and $own.injectCaFrom $own.injectCaFromSecret }}
{{- fail (printf "%s must have injectCaFrom or injectCaFromSecret, not both" .name) }}
{{- end }}
{{- $injected := or $own.injectCaFrom $own.injectCaFromSecret }}
{{- if and $injected $own.caBundle }}
{{- fail (printf "%s must have caBundle or injectCaFrom*, not both" .name) }}
{{- end }}
{{- if and $injected (not $own.externalSecret) }}
{{- fail (printf "%s must have externalSecret with injectCaFrom*" .name) }}
{{- end }}
{{- if and $own.externalSecret (not $injected) (empty $own.caBundle) }}
{{- fail (printf "%s must have caBundle, injectCaFrom or injectCaFromSecret with externalSecret" .name) }}
{{- end }}
{{- if not $own.externalSecret }}
{{- $host := printf "%s.%s.svc" .service .root.Release.Namespace }}
{{- $made := genSelfSignedCertWithKey $host (list) (list $host) 365 (genPrivateKey "ecdsa") }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .service }}-k8s-tls
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "labels" (dict "root" .root "component" .component) | nindent 4 }}
  annotations:
    {{- include "created-by" .root | nindent 4 }}
type: kubernetes.io/tls
data:
  tls.crt: {{ $own.crtPEM | default $made.Cert | trim | b64enc }}
  tls.key: {{ $own.keyPEM | default $made.Key | trim | b64enc }}
{{- end }}
{{- end }}
