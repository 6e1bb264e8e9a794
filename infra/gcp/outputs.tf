# What you may want to know afterwards.
output "functions" {
  description = "Names of the functions."
  value       = [for function in google_cloudfunctions2_function.drain : function.name]
}

output "uri" {
  description = "Address Cloud Scheduler calls; it answers to nobody outside of the project."
  value       = google_cloudfunctions2_function.drain["tick"].service_config[0].uri
}

output "api" {
  description = "Address of the HTTP API and its dashboard; null where there is none."
  value       = one(google_cloudfunctions2_function.api[*].service_config[0].uri)
}

output "service_accounts" {
  description = "Who builds, who runs, who answers, and who wakes the functions."
  value = {
    api     = google_service_account.api.email
    build   = google_service_account.build.email
    drain   = google_service_account.drain.email
    invoker = google_service_account.invoker.email
  }
}

output "secrets" {
  description = "Environment variables that come from Secret Manager, and the ids of their secrets."
  value       = local.secrets
}

output "wake" {
  description = "Command that wakes a drain now."
  value       = "gcloud scheduler jobs run ${google_cloud_scheduler_job.tick.name} --location=${var.region} --project=${var.project_id}"
}

output "logs" {
  description = "Command that shows what the last drains said."
  value       = "gcloud functions logs read ${var.name} --gen2 --region=${var.region} --project=${var.project_id}"
}
