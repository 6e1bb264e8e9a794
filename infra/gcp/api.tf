# The HTTP API and its dashboard: a function of its own, made only where there are keys for it.
resource "google_cloudfunctions2_function" "api" {
  count = var.api_keys_secret_id == null ? 0 : 1

  name        = "${var.name}-api"
  location    = var.region
  description = "The HTTP API of the job runner, and its dashboard"

  build_config {
    runtime           = "nodejs22"
    entry_point       = "api"
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.images.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source.name
      }
    }
  }

  service_config {
    # A process answers many at once, event streams among them, for which it needs a whole CPU.
    max_instance_request_concurrency = 80
    available_cpu                    = "1"
    available_memory                 = var.available_memory
    max_instance_count               = var.api_max_instance_count
    # The longest that one event stream lasts; its reader then connects again, and misses nothing.
    timeout_seconds       = 300
    service_account_email = google_service_account.api.email
    ingress_settings      = "ALLOW_ALL"
    environment_variables = merge(local.settings, var.api_settings)

    dynamic "secret_environment_variables" {
      for_each = local.api_secrets

      content {
        key        = secret_environment_variables.key
        project_id = var.project_id
        secret     = secret_environment_variables.value
        # Read when an instance starts: a new version counts without a new deployment.
        version = "latest"
      }
    }
  }

  depends_on = [time_sleep.rights_are_known]
}

data "google_secret_manager_secret" "api" {
  for_each = toset(values(local.api_secrets))

  secret_id = each.value
}

# Who the API runs as. It may read the store's secret and its own keys, and none of those for jobs.
resource "google_service_account" "api" {
  account_id   = "${var.name}-api"
  display_name = "Answers for ${var.name}"

  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret_iam_member" "api" {
  for_each = data.google_secret_manager_secret.api

  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.api.member
}

# Whom Google lets through to it; all of them need one of its keys besides.
resource "google_cloud_run_v2_service_iam_member" "api_callers" {
  for_each = var.api_keys_secret_id == null ? [] : var.api_callers

  location = google_cloudfunctions2_function.api[0].location
  name     = google_cloudfunctions2_function.api[0].name
  role     = "roles/run.invoker"
  member   = each.value
}
