// A mesh of two clusters that exist: pods on `office` call the Service `orders` of `cloud`.
package main

import (
	"example.com/linkmesh/linkmesh"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		var values map[string]map[string]any
		if err := settings.GetObject("chartValues", &values); err != nil {
			return err
		}
		// Unknown in the first preview, and its key is a secret.
		anchor, err := linkmesh.NewTrustAnchor(ctx, "anchor", nil)
		if err != nil {
			return err
		}
		mesh, err := linkmesh.NewMesh(ctx, "shop", &linkmesh.MeshArgs{
			Members: []linkmesh.MeshMemberArgs{{Name: "office"}, {Name: "cloud"}},
			Kubeconfigs: pulumi.StringMap{
				"office": settings.RequireSecret("officeKubeconfig"),
				"cloud":  settings.RequireSecret("cloudKubeconfig"),
			},
			TrustAnchor: linkmesh.ExternalTrustAnchorArgs{
				CertificatePem: anchor.CertificatePem,
				PrivateKeyPem:  anchor.PrivateKeyPem,
			},
			Links:   []linkmesh.LinkSpecArgs{{Source: "office", Target: "cloud"}},
			Exports: []linkmesh.ExportArgs{{Service: "orders", Namespace: "shop", Of: "cloud"}},
			Services: []linkmesh.MeshServiceArgs{{ // its pods are those of another program
				Name: "orders", Namespace: "shop", Cluster: "cloud", Port: 80,
				Selector: map[string]string{"app": "orders"},
			}},
			Linkerd:     &linkmesh.LinkerdArgs{Viz: pulumi.BoolRef(false)},
			Charts:      pulumi.StringRef(settings.Get("charts")),
			ChartValues: values,
		})
		if err != nil {
			return err
		}
		ctx.Export("orders", pulumi.Sprintf("http://%s:80", mesh.Exports.Index(pulumi.Int(0)).Host()))
		ctx.Export("cloudKubeconfig", mesh.Kubeconfigs.MapIndex(pulumi.String("cloud")))
		ctx.Export("expiries", mesh.Expiries)
		return nil
	})
}
