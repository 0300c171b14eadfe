// Package yaml refuses what component resources would create of the objects in a file.
package yaml

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegisterResource refuses: the types of all kinds would be needed, which nothing here uses.
func RegisterResource(_ *pulumi.Context, apiVersion, kind, name string, _ pulumi.Input,
	_ ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	return nil, fmt.Errorf("%s/%s %q must not be part of a ConfigGroup, ConfigFile, Chart v4 or Directory (it "+
		"is). The sandbox's Kubernetes provider is built without these component resources. Use the "+
		"resource of that kind, or a helm.v3.Release", apiVersion, kind, name)
}
