{{/* Names and labels of this chart, as the genuine one makes them. */}}

{{- define "name" -}}
{{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- (contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name)) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Webhook objects have the shorter name, without "-controller". */}}
{{- define "prefix" -}}
{{ .Values.nameOverride | default (trimSuffix "-controller" .Chart.Name) | trunc 42 | trimSuffix "-" }}
{{- end }}

{{- define "account" -}}
{{ .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "fullname" .) "default") }}
{{- end }}

{{- define "selector" -}}
app.kubernetes.io/name: {{ include "name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{ include "selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- with .Values.additionalLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* A map as the controller reads it from an argument. */}}
{{- define "pairs" -}}
{{- $pairs := list }}
{{- range $key, $value := . }}{{ $pairs = append $pairs (printf "%s=%v" $key $value) }}{{ end }}
{{- join "," $pairs }}
{{- end }}

{{/* What is said to the controller: an argument for each value that is set. */}}
{{- define "arguments" -}}
{{- $values := .Values }}
- --cluster-name={{ required "Chart cannot be installed without a valid clusterName!" .Values.clusterName }}
{{- range $flag, $key := dict
  "ingress-class" "ingressClass" "aws-region" "region" "aws-vpc-id" "vpcId" "aws-api-endpoints" "awsApiEndpoints"
  "aws-max-retries" "awsMaxRetries" "metrics-bind-addr" "metricsBindAddr" "log-level" "logLevel"
  "ingress-max-concurrent-reconciles" "ingressMaxConcurrentReconciles"
  "service-max-concurrent-reconciles" "serviceMaxConcurrentReconciles"
  "targetgroupbinding-max-concurrent-reconciles" "targetgroupbindingMaxConcurrentReconciles"
  "targetgroupbinding-max-exponential-backoff-delay" "targetgroupbindingMaxExponentialBackoffDelay"
  "targetgroupbinding-requeue-duration" "targetgroupbindingRequeueDuration"
  "alb-gateway-max-concurrent-reconciles" "albGatewayMaxConcurrentReconciles"
  "nlb-gateway-max-concurrent-reconciles" "nlbGatewayMaxConcurrentReconciles"
  "globalaccelerator-max-concurrent-reconciles" "globalAcceleratorMaxConcurrentReconciles"
  "globalaccelerator-max-exponential-backoff-delay" "globalAcceleratorMaxExponentialBackoffDelay"
  "lb-stabilization-monitor-interval" "lbStabilizationMonitorInterval"
  "webhook-bind-port" "webhookBindPort" "sync-period" "syncPeriod" "watch-namespace" "watchNamespace"
  "default-ssl-policy" "defaultSSLPolicy" "backend-security-group" "backendSecurityGroup"
  "default-load-balancer-scheme" "defaultLoadBalancerScheme"
  "service-target-eni-security-group-tags" "serviceTargetENISGTags" "load-balancer-class" "loadBalancerClass"
  "max-targets-per-target-group" "maxTargetsPerTargetGroup" }}
{{- with get $values $key }}
- --{{ $flag }}={{ . }}
{{- end }}
{{- end }}
{{- range $flag, $key := dict
  "enable-pod-readiness-gate-inject" "enablePodReadinessGateInject" "enable-shield" "enableShield" "enable-waf" "enableWaf"
  "enable-wafv2" "enableWafv2" "disable-ingress-class-annotation" "disableIngressClassAnnotation"
  "disable-ingress-group-name-annotation" "disableIngressGroupNameAnnotation"
  "tolerate-non-existent-backend-service" "tolerateNonExistentBackendService"
  "tolerate-non-existent-backend-action" "tolerateNonExistentBackendAction" "enable-endpoint-slices" "enableEndpointSlices"
  "enable-backend-security-group" "enableBackendSecurityGroup"
  "enable-manage-backend-security-group-rules" "enableManageBackendSecurityGroupRules"
  "disable-restricted-sg-rules" "disableRestrictedSecurityGroupRules" }}
{{- if kindIs "bool" (get $values $key) }}
- --{{ $flag }}={{ get $values $key }}
{{- end }}
{{- end }}
{{- with .Values.awsApiThrottle }}
- --aws-api-throttle={{ join "," . }}
{{- end }}
{{- with .Values.externalManagedTags }}
- --external-managed-tags={{ join "," . }}
{{- end }}
{{- with .Values.defaultTags }}
- --default-tags={{ include "pairs" . }}
{{- end }}
{{- with .Values.vpcTags }}
- --aws-vpc-tags={{ include "pairs" . }}
{{- end }}
{{- with .Values.controllerConfig.featureGates }}
- --feature-gates={{ include "pairs" . }}
{{- end }}
{{- if ne .Values.defaultTargetType "instance" }}
- --default-target-type={{ .Values.defaultTargetType }}
{{- end }}
{{- with .Values.certDiscovery.allowedCertificateAuthorityARNs }}
- --allowed-certificate-authority-arns={{ . }}
{{- end }}
{{- with .Values.certManagement.defaultPCAARN }}
- --default-pca-arn={{ . }}
{{- end }}
{{- end }}
