// Package helm has what the provider reads of a Chart's options.
package helm

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// RepositoryOpts tells where a chart is, and who may read it.
type RepositoryOpts struct {
	CaFile   pulumi.AssetOrArchive `pulumi:"caFile"`
	CertFile pulumi.AssetOrArchive `pulumi:"certFile"`
	KeyFile  pulumi.AssetOrArchive `pulumi:"keyFile"`
	Password *string               `pulumi:"password"`
	Repo     *string               `pulumi:"repo"`
	Username *string               `pulumi:"username"`
}

// RepositoryOptsInput is what resolves to RepositoryOpts.
type RepositoryOptsInput interface {
	pulumi.Input
}

// PostRenderer is a command that changes what a chart rendered.
type PostRenderer struct {
	Args    []string `pulumi:"args"`
	Command string   `pulumi:"command"`
}

// PostRendererInput is what resolves to a PostRenderer.
type PostRendererInput interface {
	pulumi.Input
}
