# What is asked of you about the HTTP API; without the first of these there is none.
variable "api_keys_secret_id" {
  type        = string
  description = "Id of the secret with API_KEYS, as `cloud-jobs api-key NAME` makes them; with it the HTTP API is made, too."
  default     = null

  validation {
    # Keys that were put here by mistake have other characters than an id.
    condition     = var.api_keys_secret_id == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.api_keys_secret_id))
    error_message = "This is a secret's id in Secret Manager, of letters, digits, hyphens and underscores; the keys never come here."
  }
}

variable "api_callers" {
  type        = set(string)
  description = "Whom Google lets through to the API, such as user:me@example.com; allUsers = everybody, who then needs one of its keys."
  default     = []

  validation {
    condition     = alltrue([for caller in var.api_callers : can(regex("^(allUsers|(user|group|serviceAccount|domain):[^ :]+)$", caller))])
    error_message = "A caller is allUsers, or reads like user:NAME@DOMAIN, group:…, serviceAccount:… or domain:…."
  }
}

variable "api_settings" {
  type        = map(string)
  description = "Further environment variables of the API: CORS_ORIGINS, RATE_LIMIT, TRUSTED_PROXIES."
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.api_settings), ["CORS_ORIGINS", "RATE_LIMIT", "TRUSTED_PROXIES"])) == 0
    error_message = "The API has CORS_ORIGINS, RATE_LIMIT and TRUSTED_PROXIES; all else is in settings, or a secret."
  }
}

variable "api_max_instance_count" {
  type        = number
  description = "Processes that may answer at once, each up to 80 requests; each has its own connections to the store."
  default     = 3

  validation {
    condition     = var.api_max_instance_count >= 1 && var.api_max_instance_count <= 100 && floor(var.api_max_instance_count) == var.api_max_instance_count
    error_message = "There may be 1 to 100 instances of the API."
  }
}
