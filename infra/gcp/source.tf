# The function's code: zipped, and put into a bucket that nobody outside can be let into.
data "archive_file" "source" {
  type        = "zip"
  source_dir  = local.source_dir
  output_path = "${local.source_dir}.zip"
  # Without it the same code would have another hash on a machine with another umask.
  output_file_mode = "0644"

  lifecycle {
    precondition {
      condition     = alltrue([for file in ["main", "drain", "http"] : fileexists("${local.source_dir}/${file}.cjs")]) && fileexists("${local.source_dir}/package.json")
      error_message = "There is no function to deploy yet: run `npm run build` first."
    }
  }
}

resource "google_storage_bucket" "source" {
  name                        = "${var.project_id}-${var.name}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  # Nothing is in it that a build does not make again.
  force_destroy = true

  versioning {
    enabled = true
  }

  # What was deployed before stays for a month, to go back to.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_storage_bucket_object" "source" {
  # New code has a new name; without one the function would not be built again.
  name   = "drain-${data.archive_file.source.output_sha256}.zip"
  bucket = google_storage_bucket.source.name
  source = data.archive_file.source.output_path

  lifecycle {
    create_before_destroy = true
  }
}

# The images built of it, apart from those of other functions.
resource "google_artifact_registry_repository" "images" {
  repository_id = var.name
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the functions of ${var.name}"

  depends_on = [google_project_service.needed]
}
