# What wakes the function, and the account that may do so.
resource "google_service_account" "invoker" {
  account_id   = "${var.name}-invoker"
  display_name = "Wakes the functions of ${var.name}"

  depends_on = [google_project_service.needed]
}

# A function is a service of Cloud Run of the same name, and it is that which is called.
resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = google_cloudfunctions2_function.drain

  location = each.value.location
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = google_service_account.invoker.member
}

resource "google_cloud_scheduler_job" "tick" {
  name             = var.name
  region           = var.region
  description      = "Wakes a drain"
  schedule         = var.schedule
  time_zone        = var.time_zone
  paused           = var.paused
  attempt_deadline = local.attempt_deadline

  # For a store out of reach, or all instances busy. Not for long: the next tick does the same work.
  retry_config {
    retry_count          = 3
    min_backoff_duration = "10s"
    max_backoff_duration = "60s"
    max_doublings        = 2
  }

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.drain["tick"].service_config[0].uri

    oidc_token {
      service_account_email = google_service_account.invoker.email
      audience              = google_cloudfunctions2_function.drain["tick"].service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
