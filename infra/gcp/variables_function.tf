# What is asked of you about the function itself; every value has a default.
variable "timeout_seconds" {
  type        = number
  description = "Seconds a drain may last; what still runs then is saved and goes on with the next tick."
  default     = 540

  validation {
    # Cloud Scheduler waits 1800 s at most, and has to wait somewhat longer than the function takes.
    condition     = var.timeout_seconds >= 30 && var.timeout_seconds <= 1770 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "A drain lasts 30 to 1770 whole seconds."
  }
}

variable "available_memory" {
  type        = string
  description = "Memory of one instance of the function; its share of a CPU grows with it."
  default     = "512Mi"

  validation {
    condition     = can(regex("^[1-9][0-9]*(Mi|Gi)$", var.available_memory))
    error_message = "Memory reads like 512Mi or 2Gi."
  }
}

variable "max_instance_count" {
  type        = number
  description = "Drains that may go on at once; each has its own connection to the store."
  default     = 3

  validation {
    condition     = var.max_instance_count >= 1 && var.max_instance_count <= 100 && floor(var.max_instance_count) == var.max_instance_count
    error_message = "There may be 1 to 100 instances."
  }
}

variable "pubsub_topic" {
  type        = string
  description = "Name of a Pub/Sub topic of this project; each of its messages wakes a drain too, by a second function."
  default     = null

  validation {
    condition     = var.pubsub_topic == null || can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$", var.pubsub_topic))
    error_message = "This is a topic's short name, not projects/…/topics/…."
  }
}

variable "log_level" {
  type        = string
  description = "Least severe log line that is written."
  default     = "info"

  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "The log level is debug, info, warn or error."
  }
}

variable "settings" {
  type        = map(string)
  description = "Further environment variables of the function, such as JOB_MAX_JOBS; never a secret."
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "The names of environment variables are written in capitals."
  }

  validation {
    condition = length(setintersection(keys(var.settings), [
      "DATABASE_URL",
      "SUPABASE_URL",
      "SUPABASE_SERVICE_ROLE_KEY",
      "SUPABASE_ANON_KEY",
      "SUPABASE_DB_URL",
      "ALERT_WEBHOOK_URL",
      "API_KEYS",
      "JOB_DEADLINE",
      "LOG_LEVEL",
    ])) == 0
    error_message = "The store, JOB_DEADLINE and LOG_LEVEL have variables of their own; keys and addresses with passwords belong into Secret Manager."
  }
}

variable "secrets" {
  type        = map(string)
  description = "Further environment variables out of Secret Manager: name = id of the secret. ALERT_WEBHOOK_URL is one; jobs of http_request read theirs by name."
  default     = {}

  validation {
    condition     = alltrue([for name, id in var.secrets : can(regex("^[A-Z][A-Z0-9_]*$", name)) && can(regex("^[A-Za-z0-9_-]{1,255}$", id))])
    error_message = "Write NAME_OF_THE_VARIABLE = \"id-of-the-secret\"; the value never comes here."
  }

  validation {
    condition     = length(setintersection(keys(var.secrets), concat(keys(var.settings), ["API_KEYS", "DATABASE_URL", "SUPABASE_URL", "SUPABASE_SERVICE_ROLE_KEY", "JOB_DEADLINE", "LOG_LEVEL"]))) == 0
    error_message = "An environment variable is set once: not here when it is in settings, nor when it belongs to the store or the API."
  }
}
