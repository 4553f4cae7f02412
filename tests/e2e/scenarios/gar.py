"""Pods pull from Google Artifact Registry as themselves and as the service account of an annotation, if the pool admits them."""

from node.world import ARTIFACT_REGISTRY

PROVIDERS = "https://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/clusters/providers/"


def prove(node):
    node.use_cloud("gar", f"{PROVIDERS}test", {"providers/prod": "providers/test"})
    image = f"{ARTIFACT_REGISTRY}/acme-images/prod/app:1"
    node.world.push("acme-images/prod/app:1")

    node.cluster.service_account("team-google", "direct")
    node.cluster.service_account("team-google", "puller", {
        "iam.gke.io/gcp-service-account": "puller@acme-images.iam.gserviceaccount.com"})
    for account in ("direct", "puller"):
        node.cluster.pod("team-google", account, image).must_run()

    node.cluster.service_account("outsiders", "puller")
    node.cluster.pod("outsiders", "puller", image).must_be_refused()
    node.kubelet.says("registry-credential-broker-gar", "rejected by the attribute condition", "code=exchange-denied")
