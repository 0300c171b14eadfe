{{/* Pieces of the definitions below. Their schemas are small: main fields with their types, deep ones open. */}}

{{/* The head of a definition. Arguments: root, group, plural, singular, kind, short (list), annotations. */}}
{{- define "definition" -}}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {{ .plural }}.{{ .group }}
  labels:
    helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
    linkerd.io/control-plane-ns: {{ .root.Release.Namespace }}
  annotations:
    linkerd.io/created-by: {{ .root.Values.cliVersion | default (printf "linkerd/helm %s" .root.Chart.AppVersion) }}
    {{- with .annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  group: {{ .group }}
  scope: Namespaced
  names:
    kind: {{ .kind }}
    listKind: {{ .kind }}List
    plural: {{ .plural }}
    singular: {{ lower .kind }}
    {{- with .short }}
    shortNames: {{ toJson . }}
    {{- end }}
    {{- with .categories }}
    categories: {{ toJson . }}
    {{- end }}
{{- end }}

{{- define "open" -}}
{type: object, x-kubernetes-preserve-unknown-fields: true}
{{- end }}

{{- define "texts" -}}
{type: array, items: {type: string}}
{{- end }}

{{- define "selector" -}}
type: object
properties:
  matchLabels: {{ include "open" . }}
  matchExpressions:
    type: array
    items:
      type: object
      required: [key, operator]
      properties:
        key: {type: string}
        operator: {type: string, enum: [In, NotIn, Exists, DoesNotExist]}
        values: {{ include "texts" . }}
{{- end }}

{{/* A reference to another object. Argument: its required fields. */}}
{{- define "reference" -}}
type: object
required: {{ toJson . }}
properties:
  group: {type: string, maxLength: 253}
  kind: {type: string, minLength: 1, maxLength: 63}
  name: {type: string, minLength: 1, maxLength: 253}
  namespace: {type: string, minLength: 1, maxLength: 253}
{{- end }}

{{- define "networks" -}}
type: array
items:
  type: object
  required: [cidr]
  properties:
    cidr: {type: string}
    except: {{ include "texts" . }}
{{- end }}

{{/* The fields of a route. Arguments: parent (default group of a parent), and which fields there are. */}}
{{- define "route" -}}
type: object
{{- if .rulesRequired }}
required: [rules]
{{- end }}
properties:
  parentRefs:
    type: array
    maxItems: 32
    items:
      type: object
      required: [name]
      properties:
        group: {type: string, default: {{ .parent }}}
        kind: {type: string, default: Gateway}
        name: {type: string, minLength: 1, maxLength: 253}
        namespace: {type: string, minLength: 1, maxLength: 63}
        sectionName: {type: string, minLength: 1, maxLength: 253}
        port: {type: integer, minimum: 1, maximum: 65535}
  {{- if .hostnames }}
  hostnames: {{ include "texts" . }}
  {{- end }}
  rules:
    type: array
    maxItems: 16
    items:
      type: object
      properties:
        {{- if .matches }}
        matches: {type: array, items: {{ include "open" . }}}
        filters: {type: array, items: {{ include "open" . }}}
        {{- end }}
        {{- if .timeouts }}
        timeouts:
          type: object
          properties:
            request: {type: string}
            backendRequest: {type: string}
        {{- end }}
        {{- if .sessions }}
        sessionPersistence: {{ include "open" . }}
        {{- end }}
        backendRefs:
          type: array
          maxItems: 16
          items:
            type: object
            {{- if .weighted }}
            required: [name]
            {{- end }}
            properties:
              name: {type: string, minLength: 1, maxLength: 253}
              namespace: {type: string, minLength: 1, maxLength: 63}
              port: {type: integer, minimum: 1, maximum: 65535}
              {{- if .weighted }}
              group: {type: string, default: ""}
              kind: {type: string, default: Service}
              weight: {type: integer, default: 1, minimum: 0, maximum: 1000000}
              {{- end }}
              filters: {type: array, items: {{ include "open" . }}}
{{- end }}
