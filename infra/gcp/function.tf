# The function, once for ticks and, if there is a topic, once more for messages.
resource "google_cloudfunctions2_function" "drain" {
  for_each = local.functions

  name        = each.value.name
  location    = var.region
  description = "Drains the jobs that are due"

  build_config {
    runtime           = "nodejs22"
    entry_point       = each.value.entry_point
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
    available_memory      = var.available_memory
    timeout_seconds       = each.value.timeout_seconds
    max_instance_count    = var.max_instance_count
    service_account_email = google_service_account.drain.email
    # A drain takes one job after the other; a second one in the same process would slow both.
    max_instance_request_concurrency = 1
    # Cloud Scheduler and Eventarc of the same project count as internal, by the address at run.app:
    # https://cloud.google.com/run/docs/securing/ingress
    ingress_settings      = "ALLOW_INTERNAL_ONLY"
    environment_variables = merge(local.settings, { JOB_DEADLINE = tostring(each.value.timeout_seconds) })

    dynamic "secret_environment_variables" {
      for_each = local.secrets

      content {
        key        = secret_environment_variables.key
        project_id = var.project_id
        secret     = secret_environment_variables.value
        # Read when an instance starts: a new version counts without a new deployment.
        version = "latest"
      }
    }
  }

  dynamic "event_trigger" {
    for_each = each.value.topic == null ? [] : [each.value.topic]

    content {
      trigger_region        = var.region
      event_type            = "google.cloud.pubsub.topic.v1.messagePublished"
      pubsub_topic          = "projects/${var.project_id}/topics/${event_trigger.value}"
      service_account_email = google_service_account.invoker.email
      # No job is lost with a message: whatever it was to wake is still due at the next tick.
      retry_policy = "RETRY_POLICY_DO_NOT_RETRY"
    }
  }

  depends_on = [time_sleep.rights_are_known]
}
