environment         = "prod"
platform            = "aws"
allowed_account_ids = ["222222222222"]

name_prefix      = "tm-lakehouse"
suffix           = "-222222222222"
adopt_buckets    = []
adopt_log_groups = []
force_destroy    = false

keep_days = {
  noncurrent       = 30
  access_logs      = 365
  athena_results   = 30
  quarantine       = 365
  spark_event_logs = 30
  job_logs         = 365
  keys             = 30
}

permissions_boundary_arn = "arn:aws:iam::222222222222:policy/boundary-tm-lakehouse-222222222222"
people                   = []
alert_emails             = []
alarms                   = { late_after_days = 2, quarantined_percent = 5, gold_dollars_per_day = 5 }
monthly_budget           = { dollars = 500 }

silver_job = {
  worker_type         = "G.1X"
  workers             = 10
  timeout_minutes     = 120
  max_concurrent_runs = 10
}
geometry_job     = null # {} adds the job that outlines sections: docs/geometry.md
api              = null # { base_url = "https://..." } fetches rounds by API: docs/operations.md
scan_limit_bytes = 1099511627776

orchestrator = "none" # "mwaa" adds the Airflow environment that conducts the pipeline, "external" tells yours: docs/airflow.md
airflow      = { environment_class = "mw1.small", max_workers = 3, schedulers = 2 }
network      = { cidr_block = "10.42.0.0/24", way_out = "nat" }
