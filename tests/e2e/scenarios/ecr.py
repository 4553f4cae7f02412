"""A pod pulls from Amazon ECR as the role that trusts its namespace; a pod of another namespace gets no session."""

from node.world import ECR


def prove(node):
    node.use_cloud("ecr", "sts.amazonaws.com")
    node.world.push("ecr/app:1")

    node.cluster.service_account("team-aws", "puller")
    node.cluster.pod("team-aws", "puller", f"{ECR}/ecr/app:1").must_run()

    node.cluster.service_account("outsiders", "puller")
    node.cluster.pod("outsiders", "puller", f"{ECR}/ecr/app:1").must_be_refused()
    node.kubelet.says("registry-credential-broker-ecr", "STS answered 403 AccessDenied", f"image={ECR}/ecr/app")
