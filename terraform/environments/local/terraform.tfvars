environment         = "local"
platform            = "local"
allowed_account_ids = ["000000000000"]

name_prefix      = "tm-lakehouse"
suffix           = ""
adopt_buckets    = []
adopt_log_groups = []
force_destroy    = true

keep_days = {
  noncurrent       = 1
  access_logs      = 1
  athena_results   = 1
  quarantine       = 30
  spark_event_logs = 7
  job_logs         = 1
  keys             = 7
}

permissions_boundary_arn = null
people                   = []
alert_emails             = []
alarms                   = {}
monthly_budget           = null # LocalStack has no Budgets

silver_job = {
  worker_type         = "G.1X"
  workers             = 2
  timeout_minutes     = 60
  max_concurrent_runs = 10
}
geometry_job     = null # {} adds the job that outlines sections: docs/geometry.md
api              = null # { base_url = "https://..." } fetches rounds by API: docs/operations.md
scan_limit_bytes = 1073741824

orchestrator = "none" # "mwaa" adds the Airflow environment that conducts the pipeline, "external" tells yours: docs/airflow.md
airflow      = { environment_class = "mw1.micro", max_workers = 1, schedulers = 1 }
network      = { cidr_block = "10.42.0.0/24", way_out = "nat" }
