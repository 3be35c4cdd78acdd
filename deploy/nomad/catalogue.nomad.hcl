# The three services on Nomad, found through Consul. Variables: nomad job run -var image_tag=0.1.0 catalogue.nomad.hcl
#
# The secret of the services and the database's address are Nomad variables:
#   nomad var put nomad/jobs/catalogue service_secret="$(openssl rand -hex 32)" database_url=postgres://...
#
# The services register themselves with the agent of their node, so that an instance is listed only while it
# is ready and taken off the list before it stops; Nomad's own `service` blocks are for the admin ports.

variable "image_prefix" {
  type    = string
  default = "ghcr.io/example/"
}

variable "image_tag" {
  type    = string
  default = "0.1.0"
}

job "catalogue" {
  type = "service"

  # One by one, each once it is healthy; back to the last good version if one does not become so.
  update {
    max_parallel     = 1
    health_check     = "checks"
    min_healthy_time = "10s"
    healthy_deadline = "5m"
    auto_revert      = true
  }

  group "catalogue" {
    count = 2

    network {
      port "grpc" {}
      port "admin" {}
    }

    service {
      name = "catalogue-admin"
      port = "admin"
      check {
        type     = "http"
        path     = "/readyz"
        interval = "5s"
        timeout  = "3s"
      }
    }

    # Before the services of this allocation; the lock in the database lets several wait for each other.
    task "migrate" {
      driver = "docker"
      lifecycle {
        hook = "prestart"
      }
      config {
        image           = "${var.image_prefix}catalogue:${var.image_tag}"
        args            = ["migrate", "up"]
        readonly_rootfs = true
        cap_drop        = ["all"]
      }
      template {
        destination = "secrets/env"
        env         = true
        data        = "DATABASE_URL={{ with nomadVar \"nomad/jobs/catalogue\" }}{{ .database_url }}{{ end }}"
      }
      resources {
        cpu    = 100
        memory = 128
      }
    }

    task "catalogue" {
      driver       = "docker"
      kill_timeout = "45s"
      config {
        image           = "${var.image_prefix}catalogue:${var.image_tag}"
        network_mode    = "host"
        readonly_rootfs = true
        cap_drop        = ["all"]
        mount {
          type   = "tmpfs"
          target = "/data"
        }
      }
      template {
        destination = "secrets/service.secret"
        perms       = "0444"
        data        = "{{ with nomadVar \"nomad/jobs/catalogue\" }}{{ .service_secret }}{{ end }}"
      }
      template {
        destination = "secrets/env"
        env         = true
        data        = "DATABASE_URL={{ with nomadVar \"nomad/jobs/catalogue\" }}{{ .database_url }}{{ end }}"
      }
      env {
        ACCESS              = "keys"
        NO_MIGRATE          = "true"
        SERVICE_SECRET_FILE = "${NOMAD_SECRETS_DIR}/service.secret"
        LISTEN_ADDR         = "0.0.0.0:${NOMAD_PORT_grpc}"
        ADMIN_ADDR          = "0.0.0.0:${NOMAD_PORT_admin}"
        ADVERTISE_ADDR      = "${NOMAD_IP_grpc}"
        REGISTRY            = "consul://127.0.0.1:8500"
      }
      resources {
        cpu    = 500
        memory = 256
      }
    }
  }

  group "search" {
    count = 2

    # The index survives on its node; elsewhere it is filled again.
    ephemeral_disk {
      sticky  = true
      migrate = true
      size    = 2000
    }

    network {
      port "grpc" {}
      port "admin" {}
    }

    service {
      name = "search-admin"
      port = "admin"
      check {
        type     = "http"
        path     = "/readyz"
        interval = "5s"
        timeout  = "3s"
      }
    }

    task "search" {
      driver       = "docker"
      kill_timeout = "45s"
      config {
        image           = "${var.image_prefix}search:${var.image_tag}"
        network_mode    = "host"
        readonly_rootfs = true
        cap_drop        = ["all"]
      }
      template {
        destination = "secrets/service.secret"
        perms       = "0444"
        data        = "{{ with nomadVar \"nomad/jobs/catalogue\" }}{{ .service_secret }}{{ end }}"
      }
      env {
        ACCESS              = "keys"
        SERVICE_SECRET_FILE = "${NOMAD_SECRETS_DIR}/service.secret"
        DATA_DIR            = "${NOMAD_ALLOC_DIR}/data/search"
        LISTEN_ADDR         = "0.0.0.0:${NOMAD_PORT_grpc}"
        ADMIN_ADDR          = "0.0.0.0:${NOMAD_PORT_admin}"
        ADVERTISE_ADDR      = "${NOMAD_IP_grpc}"
        REGISTRY            = "consul://127.0.0.1:8500"
        CATALOGUE_TARGET    = "consul://catalogue-service"
      }
      resources {
        cpu    = 500
        memory = 512
      }
    }
  }

  group "gateway" {
    count = 2

    network {
      port "http" {}
      port "admin" {}
    }

    service {
      name = "gateway-admin"
      port = "admin"
      check {
        type     = "http"
        path     = "/readyz"
        interval = "5s"
        timeout  = "3s"
      }
    }

    task "gateway" {
      driver       = "docker"
      kill_timeout = "45s"
      config {
        image           = "${var.image_prefix}gateway:${var.image_tag}"
        network_mode    = "host"
        readonly_rootfs = true
        cap_drop        = ["all"]
      }
      template {
        destination = "secrets/service.secret"
        perms       = "0444"
        data        = "{{ with nomadVar \"nomad/jobs/catalogue\" }}{{ .service_secret }}{{ end }}"
      }
      env {
        ACCESS              = "keys"
        SERVICE_SECRET_FILE = "${NOMAD_SECRETS_DIR}/service.secret"
        LISTEN_ADDR         = "0.0.0.0:${NOMAD_PORT_http}"
        ADMIN_ADDR          = "0.0.0.0:${NOMAD_PORT_admin}"
        ADVERTISE_ADDR      = "${NOMAD_IP_http}"
        REGISTRY            = "consul://127.0.0.1:8500"
        CATALOGUE_TARGET    = "consul://catalogue-service"
        SEARCH_TARGET       = "consul://search-service"
      }
      resources {
        cpu    = 500
        memory = 256
      }
    }
  }
}
