# What is asked of you: where it goes, which store it drains, and when.
variable "project_id" {
  type        = string
  description = "Id of the Google Cloud project everything is made in."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project's id has 6 to 30 lower-case letters, digits and hyphens; its name or number will not do."
  }
}

variable "region" {
  type        = string
  description = "Region of the function, its schedule and its source; best the one of the database."
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region reads like us-central1 or europe-west4, without the letter of a zone."
  }
}

variable "name" {
  type        = string
  description = "Name of the function and its schedule, and the beginning of all other names."
  default     = "cloud-jobs"

  validation {
    # With `-invoker` behind it, it is the id of a service account, which has 30 characters at most.
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.name))
    error_message = "A name has at most 20 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "store" {
  type        = string
  description = "Where jobs are kept: supabase or postgres."

  validation {
    condition     = contains(["supabase", "postgres"], var.store)
    error_message = "The store is supabase or postgres; the file of a SQLite store would not outlive the function."
  }
}

variable "supabase_url" {
  type        = string
  description = "Address of the Supabase project, https://REF.supabase.co; not a secret."
  default     = null

  validation {
    condition     = var.store != "supabase" || can(regex("^https://[^/@ ]+/?$", var.supabase_url))
    error_message = "With the store supabase, set supabase_url to the project's address, https://REF.supabase.co."
  }

  validation {
    condition     = var.store == "supabase" || var.supabase_url == null
    error_message = "A supabase_url goes with the store supabase alone."
  }
}

variable "secret_id" {
  type        = string
  description = "Id of the secret with the store's key or address; by default NAME-supabase-service-role-key or NAME-database-url."
  default     = null

  validation {
    # An address or a key that was put here by mistake has other characters than an id.
    condition     = var.secret_id == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.secret_id))
    error_message = "This is a secret's id in Secret Manager, of letters, digits, hyphens and underscores; its value never comes here."
  }
}

variable "schedule" {
  type        = string
  description = "When a drain is woken: five fields of cron. Jobs wait for the next tick at most."
  default     = "*/5 * * * *"

  validation {
    condition     = can(regex("^[^ ]+( [^ ]+){4}$", var.schedule))
    error_message = "A schedule has five fields of cron, with one space between two: */5 * * * *."
  }
}

variable "time_zone" {
  type        = string
  description = "Zone the schedule is meant in, by its name in the tz database."
  default     = "Etc/UTC"

  validation {
    condition     = can(regex("^[A-Z][A-Za-z]*(/[A-Za-z0-9_+-]+)*$", var.time_zone))
    error_message = "A time zone reads like Etc/UTC or Europe/Berlin."
  }
}

variable "paused" {
  type        = bool
  description = "Whether the schedule stands still, for instance while the database is upgraded."
  default     = false
}
