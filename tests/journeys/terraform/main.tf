# State in a bucket of another account. Which bucket, and by which role, is told to `init`.
terraform {
  backend "s3" {
    key          = "gates/live.tfstate"
    region       = "us-east-1"
    profile      = "base"
    use_lockfile = true
    encrypt      = true

    use_path_style = true
  }
}

variable "guards" {
  type = number
}

resource "terraform_data" "gate" {
  input = { name = "hakone", guards = var.guards }
}

output "guards" {
  value = terraform_data.gate.output.guards
}
