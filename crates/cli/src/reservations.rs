//! `catctl reserve`, `commit` and `release`: goods taken out of the stock for a while.

use std::time::Duration;

use anyhow::{Result, bail};
use proto::catalogue::v1::{
    CommitReservationRequest, ReleaseReservationRequest, Reservation, ReservationLine,
    ReserveStockRequest, reservation::State,
};

use crate::{
    caller::{RequestId, Write},
    edit::note,
    output::{Output, answer, clean, moment, print_line},
    server::Server,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl reserve 1399=2 kettle=1         two of one product, one of another: all of it or none
  catctl reserve --sku mug-blue=1 --ttl 2m
  catctl commit RESERVATION              sold
  catctl release RESERVATION             not sold: everything goes back

Unless it is committed in time, a reservation gives everything back by itself.")]
pub(crate) struct Reserve {
    /// Products without variants, and how many of each
    #[arg(value_name = "ID=N", value_parser = quantity)]
    products: Vec<(String, i32)>,
    /// A variant, and how many of it; may be given several times
    #[arg(long, value_name = "SKU=N", value_parser = quantity)]
    sku: Vec<(String, i32)>,
    /// How long it holds, such as 90s or 15m; at most a day [default: 15m]
    #[arg(long, value_name = "TIME", value_parser = crate::args::duration)]
    ttl: Option<Duration>,
    #[command(flatten)]
    write: Write,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Settle {
    /// As `catctl reserve` showed it
    reservation: String,
    #[command(flatten)]
    request: RequestId,
}

/// Takes goods out of the stock, and shows until when.
pub(crate) async fn reserve(args: Reserve, server: &Server, output: Output) -> Result<()> {
    let products = args.products.into_iter().map(|(product_id, quantity)| ReservationLine {
        product_id,
        quantity,
        ..Default::default()
    });
    let skus = args.sku.into_iter().map(|(sku, quantity)| ReservationLine {
        sku,
        quantity,
        ..Default::default()
    });
    let lines: Vec<_> = products.chain(skus).collect();
    if lines.is_empty() {
        bail!("reserve what? Such as: catctl reserve 1399=2, or --sku mug-blue=1");
    }
    let request = ReserveStockRequest {
        lines,
        ttl: args.ttl.map(pbjson_types::Duration::from),
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
    };
    let call = || async { server.stock().reserve_stock(request.clone()).await };
    let reservation = server.write(&request.request_id, call).await?;
    note(&args.write);
    tell(&reservation, output)
}

/// Makes a reservation final.
pub(crate) async fn commit(args: Settle, server: &Server, output: Output) -> Result<()> {
    let request = CommitReservationRequest {
        reservation_id: args.reservation,
        request_id: args.request.make(),
    };
    let call = || async { server.stock().commit_reservation(request.clone()).await };
    tell(&server.write(&request.request_id, call).await?, output)
}

/// Gives a reservation's goods back.
pub(crate) async fn release(args: Settle, server: &Server, output: Output) -> Result<()> {
    let request = ReleaseReservationRequest {
        reservation_id: args.reservation,
        request_id: args.request.make(),
    };
    let call = || async { server.stock().release_reservation(request.clone()).await };
    tell(&server.write(&request.request_id, call).await?, output)
}

fn tell(reservation: &Reservation, output: Output) -> Result<()> {
    answer(output, reservation, || {
        let until = reservation.expire_time.as_ref().map(moment).unwrap_or_default();
        let state = match reservation.state() {
            State::Unspecified => "reserved".to_owned(),
            State::Held => format!("held until {until} UTC"),
            State::Committed => "committed".to_owned(),
            State::Released => "released".to_owned(),
            State::Expired => format!("expired at {until} UTC"),
        };
        format!("{}: {state}", reservation.id)
    })?;
    if output == Output::Table {
        for line in &reservation.lines {
            let sku = if line.sku.is_empty() { "" } else { " " };
            let name = format!("{}{sku}{}", line.product_id, line.sku);
            print_line(&clean(&format!("  {} of {}", line.quantity, name.trim_start())))?;
        }
    }
    Ok(())
}

/// Reads `ID=N`.
fn quantity(text: &str) -> Result<(String, i32), String> {
    let parts = text.rsplit_once('=').map(|(name, number)| (name, number.parse::<i32>()));
    match parts {
        Some((name, Ok(number))) if !name.is_empty() && number > 0 => Ok((name.to_owned(), number)),
        _ => Err("must be what and how many, such as mug-blue=2".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_a_name_and_a_number() {
        assert_eq!(quantity("mug=2"), Ok(("mug".to_owned(), 2)));
        for wrong in ["mug", "=2", "mug=0", "mug=-1", "mug=x", "mug=99999999999"] {
            assert!(quantity(wrong).is_err(), "{wrong}");
        }
    }
}
