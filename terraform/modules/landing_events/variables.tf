variable "name_prefix" {
  description = "Start of the queue's name."
  type        = string
}

variable "suffix" {
  description = "End of the queue's name."
  type        = string
  default     = ""
}

variable "bucket" {
  description = "Bucket that files land in."
  type        = object({ name = string, arn = string })
}

variable "prefix" {
  description = "Start of the keys of landed files."
  type        = string
  default     = "course_id="
}

variable "keep_seconds" {
  description = "How long an event waits for a reader that is away."
  type        = number
  default     = 86400

  validation {
    condition     = var.keep_seconds >= 60 && var.keep_seconds <= 1209600
    error_message = "SQS keeps a message from one minute to 14 days."
  }
}
