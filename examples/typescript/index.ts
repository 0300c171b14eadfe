// Two clusters that exist, linked by components: pods on `office` call `orders` of `cloud`.
import * as pulumi from "@pulumi/pulumi";
import * as linkmesh from "linkmesh";

const config = new pulumi.Config();
const charts = config.get("charts");
const values = config.getObject<Record<string, any>>("chartValues")?.["linkerd-control-plane"];

// Unknown in the first preview, and its key is a secret.
const anchor = new linkmesh.TrustAnchor("anchor");

/** Install Linkerd on a cluster, with a gateway if others call it. */
function install(cluster: string, extension: Partial<linkmesh.LinkerdMulticlusterArgs>) {
    const kubeconfig = config.requireSecret(`${cluster}Kubeconfig`);
    const issuer = new linkmesh.IdentityIssuer(`${cluster}-issuer`, {
        trustAnchor: { certificatePem: anchor.certificatePem, privateKeyPem: anchor.privateKeyPem },
    });
    const linkerd = new linkmesh.LinkerdControlPlane(`${cluster}-linkerd`, {
        cluster, kubeconfig, charts, values,
        trustAnchorsPem: anchor.certificatePem,
        issuer: { certificatePem: issuer.certificatePem, privateKeyPem: issuer.privateKeyPem },
    });
    const multicluster = new linkmesh.LinkerdMulticluster(
        `${cluster}-multicluster`,
        { cluster, kubeconfig, charts, ...extension },
        { dependsOn: linkerd },
    );
    return { kubeconfig, multicluster };
}

const office = install("office", { targets: [{ name: "cloud" }] });
const cloud = install("cloud", { loadBalancerGateway: {} });
const gateway = cloud.multicluster.gateway.apply((found) => found!);

// The target grants access, the source uses it: each can be of another program.
const access = new linkmesh.LinkAccess(
    "cloud-access-office",
    { cluster: "cloud", kubeconfig: cloud.kubeconfig, gateway, source: "office" },
    { dependsOn: cloud.multicluster },
);
const on = { cluster: "office", kubeconfig: office.kubeconfig };
const link = new linkmesh.Link(
    "office-cloud",
    { ...on, target: "cloud", grant: access.grant, gateway },
    { dependsOn: office.multicluster },
);

// The Service of another program, which is there already; callers have the same namespace.
const namespace = new linkmesh.MeshedNamespace("office-orders", { ...on, namespace: "orders" });
const orders = new linkmesh.ExportedService(
    "orders",
    { cluster: "cloud", kubeconfig: cloud.kubeconfig, service: "orders", namespace: "orders" },
    { dependsOn: [link, namespace] },
);

export const url = pulumi.interpolate`http://${orders.host}:80`;
export const grant = access.grant;
