// What Pulumi's Kubernetes provider uses of its own Go SDK, which would be a fifth of all that is compiled here.
//
// Only component resources need the rest: ConfigGroup and ConfigFile of YAML, Chart v4 of Helm and Directory of
// Kustomize. linkmesh creates none of them, and this provider refuses them.
module github.com/pulumi/pulumi-kubernetes/sdk/v4

go 1.26.0

require github.com/pulumi/pulumi/sdk/v3 v3.218.0
