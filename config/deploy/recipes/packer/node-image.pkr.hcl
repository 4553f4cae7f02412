# Adds the program to a node image. Take the two provisioners into your own template, after the one that installs the kubelet.
#
#   packer init . && packer build -var program=registry-credential-broker-0.1.0-linux-musl-amd64 .
packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.3.0"
    }
  }
}

variable "program" {
  type        = string
  description = "The program's file. It and SHA256SUMS are in the current folder, as docs/install.md verifies them."
}

variable "kubernetes" {
  type    = string
  default = "1.34"
}

variable "base_image" {
  type        = string
  description = "The AMI that has the kubelet."
}

source "amazon-ebs" "node" {
  ami_name      = "kubernetes-${var.kubernetes}-registry-credential-broker-{{timestamp}}"
  instance_type = "t3.small"
  source_ami    = var.base_image
  ssh_username  = "ubuntu"
}

build {
  sources = ["source.amazon-ebs.node"]

  provisioner "file" {
    sources     = [var.program, "SHA256SUMS", "config.yaml", "install.sh"]
    destination = "/tmp/"
  }

  provisioner "shell" {
    inline = ["cd /tmp && sudo KUBERNETES=${var.kubernetes} sh install.sh ${var.program}"]
  }
}
