# What follows from the variables alone, without asking the cloud.
locals {
  # `npm run build` makes this folder; it holds the code of one store and no other.
  source_dir = "${path.module}/../../dist/functions/gcp/${var.store}"

  # Environment variable = id of the secret its value comes from.
  store_secret = var.store == "supabase" ? "SUPABASE_SERVICE_ROLE_KEY" : "DATABASE_URL"
  store_secret_id = coalesce(
    var.secret_id,
    "${var.name}-${lower(replace(local.store_secret, "_", "-"))}",
  )
  secrets = merge(var.secrets, { (local.store_secret) = local.store_secret_id })

  # Those of the HTTP API, where there is one.
  api_secrets = var.api_keys_secret_id == null ? {} : {
    (local.store_secret) = local.store_secret_id
    API_KEYS             = var.api_keys_secret_id
  }

  settings = merge(
    var.settings,
    { LOG_LEVEL = var.log_level },
    var.store == "supabase" ? { SUPABASE_URL = var.supabase_url } : {},
  )

  # The same code twice: woken by a tick, and by messages if there is a topic.
  functions = {
    for kind, function in {
      tick = {
        name            = var.name
        entry_point     = "drain"
        timeout_seconds = var.timeout_seconds
        topic           = null
      }
      message = {
        name        = "${var.name}-message"
        entry_point = "drainEvent"
        # Pub/Sub waits ten minutes at most for its message to be acknowledged.
        timeout_seconds = min(var.timeout_seconds, 540)
        topic           = var.pubsub_topic
      }
    } : kind => function if kind == "tick" || var.pubsub_topic != null
  }

  # The function answers by itself; only when even that fails does Cloud Scheduler give up on it.
  attempt_deadline = "${var.timeout_seconds + 30}s"

  apis = concat(
    [
      "artifactregistry.googleapis.com",
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "cloudscheduler.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
      "storage.googleapis.com",
    ],
    var.pubsub_topic == null ? [] : ["eventarc.googleapis.com", "pubsub.googleapis.com"],
  )
}
