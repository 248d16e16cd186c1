environment         = "dev"
platform            = "aws"
allowed_account_ids = ["111111111111"]

name_prefix      = "tm-lakehouse"
suffix           = "-111111111111"
adopt_buckets    = []
adopt_log_groups = []
force_destroy    = true

keep_days = {
  noncurrent       = 7
  access_logs      = 30
  athena_results   = 7
  quarantine       = 90
  spark_event_logs = 14
  job_logs         = 30
  keys             = 7
}

permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary-tm-lakehouse-111111111111"
people                   = []
alert_emails             = []
alarms                   = { late_after_days = 7, quarantined_percent = 20, gold_dollars_per_day = 2 }
monthly_budget           = null # { dollars = 100 } tells of 80 % spent and of a forecast above it: docs/runbooks.md

silver_job = {
  worker_type         = "G.1X"
  workers             = 2
  timeout_minutes     = 60
  max_concurrent_runs = 10
}
geometry_job     = null # {} adds the job that outlines sections: docs/geometry.md
api              = null # { base_url = "https://..." } fetches rounds by API: docs/operations.md
scan_limit_bytes = 107374182400

orchestrator = "none" # "mwaa" adds the Airflow environment that conducts the pipeline, "external" tells yours: docs/airflow.md
airflow      = { environment_class = "mw1.micro", max_workers = 1, schedulers = 1 }
network      = { cidr_block = "10.42.0.0/24", way_out = "nat" }
