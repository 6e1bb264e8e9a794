# Who builds the function. By default it would be the account of Compute Engine, an editor of the whole
# project in older projects, and without the rights to build in newer ones.
# https://cloud.google.com/functions/docs/securing/build-custom-sa
resource "google_service_account" "build" {
  account_id   = "${var.name}-build"
  display_name = "Builds the functions of ${var.name}"

  depends_on = [google_project_service.needed]
}

resource "google_project_iam_member" "build_logs" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}

# Cloud Functions copies the source into a bucket of its own, which is not there before the first build.
resource "google_project_iam_member" "build_copies" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = google_service_account.build.member

  condition {
    title      = "sources-of-functions"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-\")"
  }
}

resource "google_storage_bucket_iam_member" "build_source" {
  bucket = google_storage_bucket.source.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}

resource "google_artifact_registry_repository_iam_member" "build_images" {
  location   = var.region
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

# What an account may do is not known everywhere at once: https://cloud.google.com/iam/docs/access-change-propagation
resource "time_sleep" "rights_are_known" {
  create_duration = "120s"

  depends_on = [
    google_project_iam_member.build_logs,
    google_project_iam_member.build_copies,
    google_storage_bucket_iam_member.build_source,
    google_artifact_registry_repository_iam_member.build_images,
    google_secret_manager_secret_iam_member.drain,
    google_secret_manager_secret_iam_member.api,
  ]
}
