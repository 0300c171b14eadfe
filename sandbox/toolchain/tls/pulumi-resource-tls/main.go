// Command pulumi-resource-tls is HashiCorp's tls provider behind Pulumi's bridge, as Pulumi's own tls provider is.
//
// Pulumi's package is not on the module proxy; this maps the same resources to the same tokens. The bridge wants the
// schema of the package, which it derives from the provider: made at each start, in a tenth of a second.
package main

import (
	"context"
	"io"
	"log"

	tls "github.com/hashicorp/terraform-provider-tls/internal/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// version is set by the linker: the package version that the Python SDK asks for.
var version = "0.0.0"

func main() {
	context := context.Background()
	provider := bridge.ProviderInfo{
		P:            tfbridge.ShimProvider(tls.New()),
		Name:         "tls",
		Version:      version,
		MetadataInfo: bridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*bridge.ResourceInfo{
			"tls_cert_request":        {Tok: resource("CertRequest")},
			"tls_locally_signed_cert": {Tok: resource("LocallySignedCert")},
			"tls_private_key":         {Tok: resource("PrivateKey")},
			"tls_self_signed_cert":    {Tok: resource("SelfSignedCert")},
		},
		DataSources: map[string]*bridge.DataSourceInfo{
			"tls_certificate": {Tok: function("getCertificate")},
			"tls_public_key":  {Tok: function("getPublicKey")},
		},
	}
	quiet := diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never})
	schema, err := tfgen.GenerateSchema(context, tfgen.GenerateSchemaOptions{
		ProviderInfo: provider, DiagnosticsSink: quiet, XInMemoryDocs: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.Main(context, "tls", provider, schema.ProviderMetadata)
}

func resource(name string) tokens.Type {
	return bridge.MakeResource("tls", "index", name)
}

func function(name string) tokens.ModuleMember {
	return bridge.MakeDataSource("tls", "index", name)
}
