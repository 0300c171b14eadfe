// Command pulumi-resource-kubernetes is Pulumi's own Kubernetes provider.
//
// Upstream's main package embeds a file that its module leaves out, the schema of the package. The engine and the
// Python SDK never ask a provider for it, so that an empty one serves.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	provider.Serve("kubernetes", version.Version, []byte("{}"), []byte("{}"))
}
