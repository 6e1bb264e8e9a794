# The APIs of Google Cloud this needs. They stay on afterwards: others may use them by then.
resource "google_project_service" "needed" {
  for_each = toset(local.apis)

  service            = each.value
  disable_on_destroy = false
}
