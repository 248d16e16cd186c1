# Runs in every container before Airflow starts, within five minutes. dbt's requirements contradict Airflow's: it has an
# environment of its own, where tasks run.
dbt_home="${AIRFLOW_HOME:-/usr/local/airflow}/dbt-environment"
if [[ "${MWAA_AIRFLOW_COMPONENT:-worker}" == "worker" ]]; then
  python3 -m venv "${dbt_home}" &&
    "${dbt_home}/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --no-deps --require-hashes \
      --requirement /dev/stdin <<< "${dbt_lock}" || exit 1
fi
export TM_DBT="${dbt_home}/bin/dbt"
unset dbt_lock dbt_home
