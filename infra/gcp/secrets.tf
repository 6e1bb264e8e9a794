# Secrets were made before, by gcloud: their values never pass through Terraform or its state.
data "google_secret_manager_secret" "used" {
  for_each = toset(values(local.secrets))

  secret_id = each.value
}

# Who the function runs as. It may read these secrets and nothing else in the whole project.
resource "google_service_account" "drain" {
  account_id   = "${var.name}-drain"
  display_name = "Runs the functions of ${var.name}"

  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret_iam_member" "drain" {
  for_each = data.google_secret_manager_secret.used

  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.drain.member
}
